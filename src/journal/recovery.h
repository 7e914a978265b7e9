#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/disk.h"
#include "journal/format.h"

namespace millstream::journal {

struct RecoveredSegment {
  SegmentHeader header;
  uint64_t bytes = 0;  // used; of a sealed one, the file's length
};

// A log after its tail was mended: every group that is left is whole and durable.
struct RecoveredLog {
  std::vector<RecoveredSegment> segments;  // by id; the last one is to be appended to
  uint64_t last_group = 0;
  uint32_t epoch = 0;          // of the last opening; 0 if there was none
  uint64_t first_segment = 0;  // as EpochRecord has it; of an older log that has no gap, its first
};

// Decides where the log ends, zeroes a torn tail and syncs. Reads every segment's header, and the
// last segment whole: earlier ones were synced before it was made. Segments in front of the log's
// first are left over from a removal and go. Fails with kCorruption, naming the segment file and
// the byte, when something that was durable is damaged or a segment isn't there; with kUnsupported
// when a later version wrote it. Nothing has been changed then. Nobody else uses the directory
// meanwhile.
//
// What is damaged and what is torn: groups are numbered without gaps, and each says up to which
// group the log was known durable when it was written. A group that is damaged is torn, never
// acknowledged, unless something written later (a group, a segment header, the file EPOCH) says it
// was durable.
Result<RecoveredLog> recover_log(io::Disk& disk, const std::string& directory);

}  // namespace millstream::journal
