#include "services/logs/appender.h"

#include <algorithm>

#include "lanes/stored_document.h"
#include "services/logs/api.gen.h"
#include "services/logs/documents.h"
#include "services/logs/errors.h"
#include "services/logs/limits.h"

namespace millstream::logs {
namespace {

// The group's document; made and put when it is missing and shall be made.
aws::Result<GroupDocument> find_group(lanes::Transaction& transaction, const GroupAddress& address,
                                      WhenMissing when_missing, Random& random) {
  const std::string key = group_key(address);
  auto found = lanes::get_document(transaction, key, decode_group);
  if (!found) return aws::Error(found.take_error());
  if (*found) return std::move(**found);
  if (when_missing == WhenMissing::kFail) return no_such_group();
  GroupDocument made{.id = new_id(random), .creation_ms = transaction.now_ms()};
  transaction.put(key, encode(made));
  return made;
}

// The stream's document; not put when it was made here: the caller puts it anyway.
aws::Result<StreamDocument> find_stream(lanes::Transaction& transaction, std::string_view key,
                                        WhenMissing when_missing, Random& random) {
  auto found = lanes::get_document(transaction, key, decode_stream);
  if (!found) return aws::Error(found.take_error());
  if (*found) return std::move(**found);
  if (when_missing == WhenMissing::kFail) return no_such_stream();
  return StreamDocument{.id = new_id(random), .creation_ms = transaction.now_ms()};
}

// Sorted by time as the batch is, so each reason takes a run at one end.
RejectedEvents find_rejected(const std::vector<NewEvent>& events, const GroupDocument& group,
                             int64_t now_ms) {
  const auto first_at = [&](int64_t timestamp_ms) {
    const auto at = std::partition_point(events.begin(), events.end(), [&](const NewEvent& event) {
      return event.timestamp_ms < timestamp_ms;
    });
    return static_cast<int32_t>(at - events.begin());
  };
  RejectedEvents rejected;
  const int32_t too_new = first_at(now_ms + kEventFutureMaxMs + 1);
  if (too_new < static_cast<int32_t>(events.size())) rejected.too_new_start = too_new;
  if (const int32_t end = first_at(now_ms - kEventAgeMaxMs); end > 0) rejected.too_old_end = end;
  if (group.retention_days) {
    const int32_t end = first_at(now_ms - *group.retention_days * kDayMs);
    if (end > 0) rejected.expired_end = end;
  }
  return rejected;
}

void add_event(lanes::Transaction& transaction, uint64_t group_id, const NewEvent& event,
               StreamDocument* stream) {
  const int64_t now_ms = transaction.now_ms();
  const EventPosition position{event.timestamp_ms, ++stream->last_sequence};
  transaction.put(event_key(group_id, stream->id, position), encode_event(now_ms, event.message));
  stream->first_event_ms =
      std::min(stream->first_event_ms.value_or(event.timestamp_ms), event.timestamp_ms);
  stream->last_event_ms =
      std::max(stream->last_event_ms.value_or(event.timestamp_ms), event.timestamp_ms);
  stream->last_ingestion_ms = now_ms;
  stream->stored_bytes += static_cast<int64_t>(event.message.size() + kEventOverheadBytes);
}

}  // namespace

uint64_t new_id(Random& random) {
  uint64_t id = 0;
  while (id == 0) id = random.next_u64();
  return id;
}

aws::Result<> check_batch(const std::vector<NewEvent>& events, int64_t now_ms) {
  size_t bytes = 0;
  std::optional<int64_t> first_valid, last_valid;
  for (size_t i = 0; i < events.size(); ++i) {
    const int64_t at = events[i].timestamp_ms;
    bytes += events[i].message.size() + kEventOverheadBytes;
    if (i > 0 && at < events[i - 1].timestamp_ms) {
      return errors::invalid_parameter_exception(
          "Log events in a single PutLogEvents request must be in chronological order.");
    }
    if (at < now_ms - kEventAgeMaxMs || at > now_ms + kEventFutureMaxMs) continue;
    if (!first_valid) first_valid = at;
    last_valid = at;
  }
  if (bytes > kBatchBytesMax) {
    return errors::invalid_parameter_exception("Upload too large: " + std::to_string(bytes) +
                                               " bytes exceeds limit of " +
                                               std::to_string(kBatchBytesMax));
  }
  if (first_valid && *last_valid - *first_valid > kBatchSpanMaxMs) {
    return errors::invalid_parameter_exception(
        "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.");
  }
  return {};
}

aws::Result<AppendOutcome> append_events(lanes::Transaction& transaction,
                                         const GroupAddress& address, std::string_view stream_name,
                                         const std::vector<NewEvent>& events,
                                         WhenMissing when_missing, Random& random) {
  auto group = find_group(transaction, address, when_missing, random);
  if (!group) return group.take_error();
  const std::string key = stream_key(group->id, stream_name);
  auto stream = find_stream(transaction, key, when_missing, random);
  if (!stream) return stream.take_error();

  AppendOutcome outcome;
  outcome.rejected = find_rejected(events, *group, transaction.now_ms());
  const size_t first = static_cast<size_t>(
      std::max(outcome.rejected.too_old_end.value_or(0), outcome.rejected.expired_end.value_or(0)));
  const size_t end = outcome.rejected.too_new_start
                         ? static_cast<size_t>(*outcome.rejected.too_new_start)
                         : events.size();
  for (size_t i = first; i < end; ++i) add_event(transaction, group->id, events[i], &*stream);
  transaction.put(key, encode(*stream));
  outcome.last_sequence = stream->last_sequence;
  return outcome;
}

}  // namespace millstream::logs
