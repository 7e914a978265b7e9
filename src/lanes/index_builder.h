#pragma once

#include <vector>

#include "base/result.h"
#include "journal/journal.h"
#include "lanes/index_file.h"
#include "lanes/record_index.h"

namespace millstream::lanes {

// Reads a sealed segment whole and gives what its index tells. Fails with kNotFound if the segment
// was removed or rewritten meanwhile, with kCorruption if it is damaged. Blocks.
Result<SegmentContents> read_segment_contents(journal::Journal& journal,
                                              const journal::SegmentInfo& segment);

// The same from what memory holds of it: the lanes' indexes have all its blocks, and the segment
// was never rewritten.
SegmentContents contents_in_memory(const std::vector<RecordIndex*>& indexes,
                                   const journal::SegmentInfo& segment);

}  // namespace millstream::lanes
