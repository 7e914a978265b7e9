#include "services/kinesis/shard_events.h"

#include <algorithm>
#include <utility>

#include "lanes/record_wait.h"
#include "services/kinesis/describe.h"
#include "services/kinesis/record_output.h"
#include "services/kinesis/sequence_number.h"

namespace millstream::kinesis {
namespace {

constexpr int64_t kDurationUs = 300'000'000;
constexpr int64_t kSilenceUsMax = 5'000'000;
// An event stays well below what a client's reader takes.
constexpr lanes::ReadLimits kEventLimits{.records_max = 5'000, .bytes_max = 1u << 20};

}  // namespace

ShardEvents::ShardEvents(Service& service, io::Executor& home, Start start)
    : service_(service), home_(home), start_(std::move(start)), sequence_(start_.sequence) {}

ShardEvents::~ShardEvents() {
  service_.subscriptions().end(start_.consumer_arn, start_.shard.shard, start_.subscription);
}

io::Task<aws::Result<>> ShardEvents::run(
    aws::EventWriter<api::SubscribeToShardEventStream> events) {
  const int64_t end_us = service_.clock().monotonic_us() + kDurationUs;
  io::Signal& signal = start_.subscription->signal();
  events.set_end_observer(
      [subscription = start_.subscription] { subscription->signal().notify(); });
  bool heard = false;  // the first event goes out at once
  for (;;) {
    const uint64_t seen = signal.version();
    if (!events.wanted() || start_.subscription->taken_over()) break;
    aws::Result<Event> event = co_await next_event();
    if (!event) co_return event.take_error();
    const bool is_end = event->child_shards.has_value();
    const int64_t left_us = end_us - service_.clock().monotonic_us();
    if (heard && event->records.empty() && !is_end && left_us > 0) {
      co_await lanes::wait_for_record(service_.lanes(), home_, start_.shard, sequence_,
                                      std::min(left_us, kSilenceUsMax), signal, seen);
      heard = service_.lanes().next_sequence(start_.shard) > sequence_;
      continue;
    }
    if (left_us <= 0) co_return aws::Result<>();
    api::SubscribeToShardEventStream message;
    message.subscribe_to_shard_event = event.take();
    const bool more = co_await events.send(std::move(message));
    if (!more || is_end) co_return aws::Result<>();
    heard = true;
  }
  if (start_.subscription->taken_over()) {
    co_return errors::resource_in_use_exception(
        "Another active subscription exists for this consumer: " + start_.consumer_arn);
  }
  co_return aws::Result<>();
}

io::Task<aws::Result<ShardEvents::Event>> ShardEvents::next_event() {
  auto batch = co_await service_.lanes().read(home_, start_.shard, sequence_, kEventLimits);
  if (!batch) co_return aws::Error(batch.take_error());
  const auto stream = service_.catalog().find_id(start_.shard.stream);
  const Shard* const shard = stream ? stream->shard_at(start_.shard.shard) : nullptr;
  if (shard == nullptr) {
    co_return errors::resource_not_found_exception("The shard doesn't exist any more.");
  }
  if (!service_.has_consumer(*stream, start_.consumer_arn)) {
    co_return errors::resource_not_found_exception("The consumer " + start_.consumer_arn +
                                                   " was deregistered.");
  }
  Event event;
  for (const lanes::Record& stored : batch->records) {
    auto record = to_record(stored, *stream, *shard);
    if (!record) co_return record.take_error();
    event.records.push_back(record.take());
  }
  sequence_ = std::max(sequence_, batch->next_sequence);
  const int64_t now_ms = service_.clock().wall_ms();
  const bool behind = !batch->at_tip && !batch->records.empty();
  event.millis_behind_latest =
      behind ? std::max<int64_t>(0, now_ms - batch->records.back().arrival_ms) : 0;
  if (shard->closed && sequence_ >= shard->closed->end_sequence) {
    event.child_shards = describe_children(*stream, shard->index);
  } else {
    const int64_t arrival_ms = batch->records.empty() ? now_ms : batch->records.back().arrival_ms;
    event.continuation_sequence_number = to_text({.shard_created_seconds = shard->created_seconds,
                                                  .shard_index = shard->index,
                                                  .sequence = sequence_ == 0 ? 0 : sequence_ - 1,
                                                  .arrival_seconds = arrival_ms / 1000});
  }
  co_return event;
}

}  // namespace millstream::kinesis
