#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "aws/error.h"
#include "base/random.h"
#include "lanes/transaction.h"
#include "services/logs/keys.h"

namespace millstream::logs {

struct NewEvent {
  int64_t timestamp_ms = 0;
  std::string_view message;
};

// Which events of a batch were left out, as PutLogEvents answers it; the two ends are exclusive.
struct RejectedEvents {
  std::optional<int32_t> too_new_start;
  std::optional<int32_t> too_old_end;
  std::optional<int32_t> expired_end;
  [[nodiscard]] bool any() const { return too_new_start || too_old_end || expired_end; }
};

struct AppendOutcome {
  RejectedEvents rejected;
  uint64_t last_sequence = 0;  // of the stream's newest event
};

// What a batch must be whatever group it goes to: its size, the order of its events, and the time
// that the events from `now_ms` - 14 days to `now_ms` + 2 hours span.
aws::Result<> check_batch(const std::vector<NewEvent>& events, int64_t now_ms);

enum class WhenMissing { kFail, kCreate };

// Writes a checked batch in a transaction of the group's lane. Events that are too old, too new or
// past the group's retention are left out and told. Fails with ResourceNotFoundException when the
// group or the stream isn't there, unless it shall be made.
aws::Result<AppendOutcome> append_events(lanes::Transaction& transaction,
                                         const GroupAddress& address, std::string_view stream_name,
                                         const std::vector<NewEvent>& events,
                                         WhenMissing when_missing, Random& random);

// An id for a new group or stream: never 0.
uint64_t new_id(Random& random);

}  // namespace millstream::logs
