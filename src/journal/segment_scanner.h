#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "io/disk.h"
#include "journal/format.h"

namespace millstream::journal {

// A group as it stands in a segment: undamaged in its header and in each of its frames.
struct ScannedGroup {
  GroupHeader header;
  uint64_t offset = 0;
  std::string_view bytes;  // header and frames; valid until the scanner is asked again
};

// Reads a segment's groups one after the other. Keeps a window of about a megabyte, or one group if
// that is larger.
class SegmentScanner {
 public:
  // Scans file.size() bytes at most. `file` outlives the scanner.
  SegmentScanner(io::File& file, const SegmentHeader& header, uint64_t file_bytes);

  // Where the next group would begin, and the number that it must have.
  [[nodiscard]] uint64_t offset() const { return offset_; }
  [[nodiscard]] uint64_t expected_number() const { return expected_number_; }

  // The group at offset(), and steps behind it. Nothing if no undamaged group with the expected
  // number stands there; the scanner then stays where it is. Fails when the disk does.
  Result<std::optional<ScannedGroup>> next();
  // Steps over the groups that end at or before `target`, looking at headers only.
  Result<> skip_to(uint64_t target);

  // Looks through every place behind offset() where a group may begin for a header that is whole,
  // and gives the highest synced_through found (0 if none).
  Result<uint64_t> newest_proof_behind();
  // True when there are only zeros from offset() to the end.
  Result<bool> rest_is_zero();

 private:
  // The bytes [offset, offset + size) of the file, fewer at its end.
  Result<std::string_view> view(uint64_t offset, size_t size);
  [[nodiscard]] std::optional<GroupHeader> header_at(std::string_view bytes) const;
  void step(const GroupHeader& header);

  io::File& file_;
  const uint32_t mask_;
  const uint64_t file_bytes_;
  uint64_t offset_ = kFirstGroupOffset;
  uint64_t expected_number_;
  std::string window_;
  uint64_t window_offset_ = 0;
};

// Calls `visit` for each frame of `group` that stands at or after `from`. Returns the first failure
// of `visit`, without going on.
Result<> visit_group_frames(const ScannedGroup& group, const SegmentHeader& segment, Position from,
                            const std::function<Result<>(const FrameView&)>& visit);

}  // namespace millstream::journal
