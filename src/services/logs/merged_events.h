#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "services/logs/catalogue.h"
#include "services/logs/event_reader.h"

namespace millstream::logs {

// An event's place among all streams of a group.
struct GroupPosition {
  int64_t timestamp_ms = 0;
  uint64_t stream_id = 0;
  uint64_t sequence = 0;
  auto operator<=>(const GroupPosition&) const = default;
};

struct MergedEvent {
  GroupPosition position;
  const std::string* stream_name = nullptr;  // lives as long as the MergedEvents
  ReadEvent event;
};

// Several streams of one group as one sequence in the order of time, read in chunks as it is
// walked. A stream is first read when the walk reaches its oldest (backward: newest) event, so a
// group of many streams costs what the looked-at stretch holds. For one coroutine at a time.
class MergedEvents {
 public:
  struct Range {
    int64_t from_ms = 0;
    int64_t to_ms = 0;  // excluded
    Direction direction = Direction::kForward;
    std::optional<GroupPosition> after;  // start behind this event
  };
  MergedEvents(lanes::Lanes& lanes, io::Executor& home, uint64_t group_id,
               std::vector<Stream> streams, Range range);

  // The next event, or nothing at the end. After a failure the walk is over.
  io::Task<aws::Result<std::optional<MergedEvent>>> next();

 private:
  struct Source {
    Stream stream;
    StreamRange rest;  // not read yet
    std::deque<ReadEvent> events;
    bool more = true;
  };
  void add_source(uint64_t group_id, Stream stream);
  // Where the source's next event can stand at the earliest (backward: latest).
  void queue(size_t source, GroupPosition bound) { queue_.emplace(bound, source); }
  size_t take_first();
  void queue_front(size_t source);
  io::Task<aws::Result<>> fill(size_t source);

  lanes::Lanes& lanes_;
  io::Executor& home_;
  const Range range_;
  std::vector<Source> sources_;
  std::set<std::pair<GroupPosition, size_t>> queue_;
};

}  // namespace millstream::logs
