#pragma once

#include "base/result.h"
#include "journal/journal.h"
#include "lanes/index_file.h"

namespace millstream::lanes {

// Reads a sealed segment whole and gives what its index tells. Fails with kNotFound if the segment
// was removed or rewritten meanwhile, with kCorruption if it is damaged. Blocks.
Result<SegmentContents> read_segment_contents(journal::Journal& journal,
                                              const journal::SegmentInfo& segment);

}  // namespace millstream::lanes
