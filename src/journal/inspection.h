#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "io/disk.h"
#include "journal/epoch_file.h"
#include "journal/format.h"

namespace millstream::journal {

// Something that was durable and isn't what was written any more.
struct Damage {
  std::string file;  // path
  uint64_t offset = 0;
  std::string what;
};

// What one lane has in a segment.
struct LaneFrames {
  uint64_t frames = 0;
  uint64_t first_number = 0;
  uint64_t last_number = 0;
  uint64_t payload_bytes = 0;
};

// A segment as it was read, up to its end or to the first damage in it.
struct SegmentReport {
  SegmentHeader header;
  uint64_t file_bytes = 0;
  uint64_t used_bytes = 0;  // up to the last whole group's end
  uint64_t groups = 0;
  uint64_t last_group = 0;  // its number; none if there are no groups
  std::map<LaneId, LaneFrames> lanes;
  bool torn_tail =
      false;          // bytes behind used_bytes that were never acknowledged: a start zeroes them
  bool whole = true;  // every group that must be here is, and its checksums hold
};

struct LogReport {
  std::optional<EpochRecord> epoch;     // none: there is no such file, or it is damaged
  std::vector<SegmentReport> segments;  // those whose header could be read, by id
  std::vector<std::string> left_over;   // segment files in front of the log's beginning
  std::vector<Damage> damages;          // in the log's order; empty: the log is whole
};

// Reads every byte of the log in `directory` and holds it against its checksums, by the rules by
// which it is opened (journal/recovery.h) and read. Changes nothing. Damage is part of the report;
// fails with kNotFound when there is no log in the directory, with kUnsupported when a later
// version wrote it, and when the disk does. Nobody writes to the log meanwhile.
Result<LogReport> inspect_log(io::Disk& disk, const std::string& directory);

}  // namespace millstream::journal
