#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "journal/journal.h"
#include "lanes/lane_host.h"
#include "lanes/record_index.h"
#include "store/store.h"

namespace millstream::lanes {

// What keeps replay short and the log as small as retention allows: flushing the state now and then
// and removing segments that nothing needs. Blocks: not on an executor's thread. One call at a
// time.
class Housekeeping {
 public:
  Housekeeping(journal::Journal& journal, store::Store& store, Clock& clock,
               std::vector<RecordIndex*> indexes)
      : journal_(journal), store_(store), clock_(clock), indexes_(std::move(indexes)) {}

  // Flushes the state with what the hosts have told since.
  Result<> flush(const std::vector<LaneHost::Progress>& progress);

  // Removes each sealed, flushed segment without a live record, and rewrites one of which at least
  // half is dead, so that a few long-lived records don't hold the rest. A segment is read for that,
  // at most every ten minutes.
  Result<> trim();

 private:
  struct Usage {
    uint64_t live_bytes = 0;
    uint64_t bytes = 0;
  };
  Result<Usage> usage(uint64_t segment, int64_t now_ms);
  [[nodiscard]] bool has_live_record(const journal::FrameView& frame, int64_t now_ms);
  // Whether enough time has passed for another look at the segment.
  [[nodiscard]] bool due(uint64_t segment, int64_t now_ms);
  Result<> remove(uint64_t segment);
  Result<> rewrite(uint64_t segment, int64_t now_ms);
  Result<> keep_floors(uint64_t segment);

  journal::Journal& journal_;
  store::Store& store_;
  Clock& clock_;
  const std::vector<RecordIndex*> indexes_;  // by lane
  journal::Position flushed_;
  std::map<uint64_t, int64_t> looked_at_ms_;  // by segment: reading a segment isn't free
};

}  // namespace millstream::lanes
