#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "io/disk.h"
#include "journal/format.h"

namespace millstream::journal {

class SegmentScanner;

// A segment as a reader has it: goes on to be readable when it is replaced or removed.
struct OpenSegment {
  std::unique_ptr<io::File> file;
  SegmentHeader header;
};

// Which segments there are, and a bounded number of them open for reading. Thread-safe.
class SegmentTable {
 public:
  static constexpr size_t kOpenFilesMax = 64;

  SegmentTable(io::Disk& disk, std::string directory)
      : disk_(disk), directory_(std::move(directory)) {}

  [[nodiscard]] std::string path(uint64_t id) const {
    return directory_ + "/" + segment_file_name(id);
  }
  [[nodiscard]] std::vector<SegmentInfo> infos() const;
  [[nodiscard]] std::optional<SegmentInfo> info(uint64_t id) const;
  // The segment for reading; kNotFound if it isn't listed.
  Result<std::shared_ptr<const OpenSegment>> open(uint64_t id);

  // Lists a segment anew, or as it is now; readers open it afresh if its generation changed.
  void set(const SegmentInfo& info);
  void erase(uint64_t id);

  // Calls `visit` for every frame of the segment at or after `from`, in order. Fails with
  // kCorruption, naming file and byte, if the segment doesn't hold whole groups up to its end.
  Result<> visit(uint64_t id, Position from,
                 const std::function<Result<>(const FrameView&)>& visit);

 private:
  struct Cached {
    std::shared_ptr<const OpenSegment> segment;
    uint64_t last_used = 0;
  };

  [[nodiscard]] Result<std::shared_ptr<const OpenSegment>> open_file(uint64_t id) const;
  // The number of the first group behind segment `id`, if a later segment's header tells.
  Result<std::optional<uint64_t>> first_group_behind(uint64_t id);
  // Whether the scanner, at the first place without a group, stands at a sealed segment's end.
  Result<bool> ends_where_it_should(const OpenSegment& segment, SegmentScanner& scanner);

  io::Disk& disk_;
  const std::string directory_;
  mutable std::mutex mutex_;  // guards all below
  std::map<uint64_t, SegmentInfo> infos_;
  std::map<uint64_t, Cached> open_;
  uint64_t uses_ = 0;
};

}  // namespace millstream::journal
