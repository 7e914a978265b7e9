#include <cstdio>

#include "services/logs/appender.h"
#include "services/logs/operations.gen.h"
#include "services/logs/service.h"

namespace millstream::logs::ops {
namespace {

// Nobody needs the token any more, but older clients hand it on; it has the service's 56 digits.
std::string sequence_token(uint64_t sequence) {
  char text[64];
  std::snprintf(text, sizeof text, "49%054llu", static_cast<unsigned long long>(sequence));
  return text;
}

api::PutLogEventsResponse answer(const AppendOutcome& outcome) {
  api::PutLogEventsResponse output;
  output.next_sequence_token = sequence_token(outcome.last_sequence);
  if (outcome.rejected.any()) {
    api::RejectedLogEventsInfo info;
    info.too_new_log_event_start_index = outcome.rejected.too_new_start;
    info.too_old_log_event_end_index = outcome.rejected.too_old_end;
    info.expired_log_event_end_index = outcome.rejected.expired_end;
    output.rejected_log_events_info = std::move(info);
  }
  return output;
}

}  // namespace

io::Task<aws::Result<api::PutLogEventsResponse>> put_log_events(Service& service,
                                                                const aws::RequestContext& context,
                                                                api::PutLogEventsRequest input) {
  if (input.entity) co_return aws::unsupported_parameter("entity", "entities aren't built");
  std::vector<NewEvent> events;
  events.reserve(input.log_events.size());
  for (const auto& event : input.log_events) events.push_back({event.timestamp, event.message});
  aws::Result<> checked = check_batch(events, context.now_ms);
  if (!checked) co_return checked.take_error();

  const GroupAddress address = group_address(context, input.log_group_name);
  auto appended = co_await service.lanes().run(
      context.home, service.lane_of(address), [&](lanes::Transaction& transaction) {
        return append_events(transaction, address, input.log_stream_name, events,
                             WhenMissing::kFail, service.random());
      });
  if (!appended) co_return appended.take_error();
  co_return answer(*appended);
}

}  // namespace millstream::logs::ops
