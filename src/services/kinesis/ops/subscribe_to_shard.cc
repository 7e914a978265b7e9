#include <fmt/format.h>

#include "services/kinesis/operations.gen.h"
#include "services/kinesis/service.h"
#include "services/kinesis/shard_events.h"
#include "services/kinesis/starting_position.h"

namespace millstream::kinesis::ops {

io::Task<
    aws::Result<aws::EventStream<api::SubscribeToShardOutput, api::SubscribeToShardEventStream>>>
subscribe_to_shard(Service& service, const aws::RequestContext& context,
                   api::SubscribeToShardInput input) {
  auto consumer = service.find_consumer(context, input.consumer_arn);
  if (!consumer) co_return consumer.take_error();
  if ((*consumer)->status(context.now_ms) != "ACTIVE") {
    co_return errors::resource_in_use_exception(
        fmt::format("Consumer {} is not ACTIVE, instead in state {}", input.consumer_arn,
                    (*consumer)->status(context.now_ms)));
  }
  const auto stream = service.catalog().find_id((*consumer)->stream_id);
  const Shard* const shard = stream ? stream->find_shard(input.shard_id, context.now_ms) : nullptr;
  if (shard == nullptr) {
    co_return errors::resource_not_found_exception(
        fmt::format("Shard {} in stream {} under account {} does not exist", input.shard_id,
                    (*consumer)->stream, (*consumer)->account));
  }
  Position position{input.starting_position.type, input.starting_position.sequence_number,
                    input.starting_position.timestamp};
  auto sequence = co_await find_sequence(service, context, stream, *shard, std::move(position),
                                         "SubscribeToShard");
  if (!sequence) co_return sequence.take_error();
  aws::Result<> checked = refuse_dry_run(input.dry_run);
  if (!checked) co_return checked.take_error();
  auto subscription =
      service.subscriptions().begin(input.consumer_arn, shard->index, context.now_ms);
  if (!subscription) {
    co_return errors::resource_in_use_exception(
        "Another active subscription exists for this consumer: " + input.consumer_arn);
  }
  aws::EventStream<api::SubscribeToShardOutput, api::SubscribeToShardEventStream> answer;
  answer.producer = std::make_unique<ShardEvents>(
      service, context.home,
      ShardEvents::Start{input.consumer_arn, stream->shard_key(*shard), *sequence,
                         std::move(subscription)});
  co_return answer;
}

}  // namespace millstream::kinesis::ops
