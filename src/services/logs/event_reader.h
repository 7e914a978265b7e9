#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "aws/error.h"
#include "io/task.h"
#include "lanes/lanes.h"
#include "services/logs/keys.h"

namespace millstream::logs {

// An event as it is read back.
struct ReadEvent {
  EventPosition position;
  int64_t ingestion_ms = 0;
  std::string message;
};

// A stretch of one stream: from `from` (included) to `to` (excluded).
struct StreamRange {
  uint64_t group_id = 0;
  uint64_t stream_id = 0;
  EventPosition from;
  EventPosition to;
};

enum class Direction { kForward, kBackward };

struct EventPage {
  std::vector<ReadEvent> events;  // forward: oldest first; backward: newest first
  bool more = false;              // the range holds more behind the last one
};

// Up to `events_max` events and about `bytes_max` bytes of a range, from the end that `direction`
// starts at. Goes on on `home`.
io::Task<aws::Result<EventPage>> read_events(lanes::Lanes& lanes, io::Executor& home,
                                             StreamRange range, Direction direction,
                                             size_t events_max, size_t bytes_max);

}  // namespace millstream::logs
