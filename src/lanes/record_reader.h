#pragma once

#include "base/result.h"
#include "journal/journal.h"
#include "lanes/lanes.h"
#include "lanes/record_finder.h"

namespace millstream::lanes {

// Turns index entries into records.
//
// Without `may_block` only the journal's memory is asked, and kUnavailable says that a frame isn't
// there. A frame that was trimmed or moved, and of which the index doesn't know that yet, gives
// kNotFound: look up again a little later.
Result<RecordBatch> read_records(journal::Journal& journal, ShardKey shard,
                                 const RecordFinder::Found& found, const ReadLimits& limits,
                                 bool may_block);

}  // namespace millstream::lanes
