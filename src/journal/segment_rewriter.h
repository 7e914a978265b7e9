#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "journal/group_sealer.h"
#include "journal/segment_table.h"

namespace millstream::journal {

// Makes the smaller copy of one sealed segment and puts it in the segment's place. For one use.
class SegmentRewriter {
 public:
  SegmentRewriter(io::Disk& disk, Random& random, std::string directory, SegmentTable& table);

  // Writes the copy with the frames for which `keep` says so (none without it), and syncs it. The
  // segment is unchanged.
  Result<> write(uint64_t id, const std::function<bool(const FrameView&)>& keep);
  // Replaces the segment by the copy; durable once the directory is synced.
  Result<> put_in_place();
  // Where each kept frame stood and stands now.
  [[nodiscard]] const std::vector<std::pair<Position, Position>>& moves() const { return moves_; }

 private:
  Result<> add(const FrameView& frame);
  Result<> write_group();
  [[nodiscard]] std::string temporary_path() const;

  io::Disk& disk_;
  const std::string directory_;
  SegmentTable& table_;
  SegmentHeader header_;  // of the copy
  uint32_t mask_ = 0;
  std::unique_ptr<io::File> file_;
  Group group_;
  uint64_t group_number_;
  uint64_t written_to_ = kFirstGroupOffset;
  std::vector<std::pair<Position, Position>> moves_;
};

}  // namespace millstream::journal
