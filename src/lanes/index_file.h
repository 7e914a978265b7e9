#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "io/disk.h"
#include "lanes/indexed_block.h"

namespace millstream::lanes {

// What a segment holds of one stream: what housekeeping needs to know of it.
struct StreamUsage {
  uint64_t stream = 0;
  uint64_t bytes = 0;  // of its blocks
  int64_t last_arrival_ms = 0;
};

// What a segment holds of one shard: a run of blocks in the order of their sequences.
struct ShardExtent {
  ShardKey shard;
  uint32_t block_count = 0;
  uint64_t first_block = 0;    // in the segment's list of blocks
  uint64_t next_sequence = 1;  // behind its last block
  int64_t last_arrival_ms = 0;
};

// Everything that a segment's index tells.
struct SegmentContents {
  uint64_t segment = 0;
  uint64_t generation = 0;           // of the segment's file (SegmentInfo::generation)
  uint64_t payload_bytes = 0;        // of all its frames
  std::vector<StreamUsage> streams;  // sorted
  std::vector<ShardExtent> shards;   // sorted
  std::vector<IndexedBlock> blocks;  // by shard, then by sequence
};

// The file's bytes (docs/formats/record-index.md).
std::string encode_index_file(const SegmentContents& contents);

// One sealed segment's index, read page by page: nothing but its header is kept in memory. Every
// page carries a checksum that depends on the segment's generation and on the page's place.
//
// All calls block, and fail with kCorruption when what they read isn't what was written.
// Thread-safe.
class IndexFile {
 public:
  // kNotFound if there is no file; kCorruption if it isn't this generation's.
  static Result<std::shared_ptr<const IndexFile>> open(io::Disk& disk, const std::string& path,
                                                       uint64_t segment, uint64_t generation);
  // Of bytes in memory that encode_index_file made a moment ago.
  static std::shared_ptr<const IndexFile> of_bytes(std::string bytes);

  [[nodiscard]] uint64_t generation() const { return header_.generation; }
  [[nodiscard]] uint64_t payload_bytes() const { return header_.payload_bytes; }

  [[nodiscard]] Result<std::vector<StreamUsage>> streams() const;
  [[nodiscard]] Result<std::optional<ShardExtent>> find(ShardKey shard) const;
  [[nodiscard]] Result<> visit_shards(const std::function<void(const ShardExtent&)>& visit) const;
  // Calls `visit` for the extent's blocks, from the first wanted one on, until it returns false.
  [[nodiscard]] Result<> visit_blocks(const ShardExtent& extent, const Wanted& wanted,
                                      const std::function<bool(const IndexedBlock&)>& visit) const;

 private:
  friend class IndexPages;
  struct Header {
    uint64_t segment = 0;
    uint64_t generation = 0;
    uint64_t payload_bytes = 0;
    uint64_t stream_count = 0;
    uint64_t shard_count = 0;
    uint64_t block_count = 0;
  };

  explicit IndexFile(std::unique_ptr<io::File> file) : file_(std::move(file)) {}
  [[nodiscard]] Result<> read_header();
  [[nodiscard]] IndexedBlock decode_block(std::string_view bytes) const;

  const std::unique_ptr<io::File> file_;
  Header header_;
};

}  // namespace millstream::lanes
