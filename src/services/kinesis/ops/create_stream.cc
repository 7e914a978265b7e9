#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "base/digest.h"
#include "lanes/stored_document.h"
#include "services/kinesis/account_limits.h"
#include "services/kinesis/distribution.h"
#include "services/kinesis/limits.h"
#include "services/kinesis/operations.gen.h"
#include "services/kinesis/stream_change.h"
#include "services/kinesis/tags.h"

namespace millstream::kinesis::ops {
namespace {

constexpr char kLettersAndDigits[] = "abcdefghijklmnopqrstuvwxyz0123456789";

aws::Result<> check(Service& service, const aws::RequestContext& context,
                    const api::CreateStreamInput& input, bool on_demand) {
  if (on_demand && input.shard_count) {
    return errors::invalid_argument_exception(
        "ShardCount must not be specified for a stream in ON_DEMAND mode.");
  }
  if (input.shard_count.value_or(1) > kShardsPerStreamMax) {
    return errors::limit_exceeded_exception(
        fmt::format("A stream may have at most {} shards.", kShardsPerStreamMax));
  }
  if (input.warm_throughput_mibps) {
    aws::Result<> checked =
        check_warm_throughput(service, context, on_demand, *input.warm_throughput_mibps);
    if (!checked) return checked;
  }
  return check_distribution(input.record_distribution_strategy == kEvenDistribution, on_demand);
}

// A stream that shall be warm begins with as many shards as take that: a MiB per second each.
int32_t shard_count(const api::CreateStreamInput& input) {
  return std::max(input.shard_count.value_or(kShardCountDefault),
                  input.warm_throughput_mibps.value_or(0));
}

Stream new_stream(Service& service, const aws::RequestContext& context,
                  const api::CreateStreamInput& input, bool on_demand) {
  Stream stream;
  stream.account = context.account;
  stream.region = context.region;
  stream.name = input.stream_name;
  stream.id = service.random().next_u64();
  stream.stream_id = service.random().text(20, kLettersAndDigits) + "-" +
                     service.random().text(3, kLettersAndDigits);
  stream.on_demand = on_demand;
  stream.created_ms = context.now_ms;
  stream.retention_hours = kRetentionHoursDefault;
  stream.max_record_size_kib = input.max_record_size_in_kib.value_or(kMaxRecordSizeInKiBDefault);
  CHECK(stream.set_shards(even_shards(shard_count(input), context.now_ms)));
  stream.settings.warm_throughput_mibps = input.warm_throughput_mibps.value_or(0);
  stream.settings.spreads_evenly = input.record_distribution_strategy == kEvenDistribution;
  stream.transition = transition_to(service, "CREATING", context.now_ms);
  return stream;
}

}  // namespace

io::Task<aws::Result<aws::Empty>> create_stream(Service& service,
                                                const aws::RequestContext& context,
                                                api::CreateStreamInput input) {
  const bool on_demand =
      input.stream_mode_details && input.stream_mode_details->stream_mode == "ON_DEMAND";
  aws::Result<> checked = check(service, context, input, on_demand);
  if (checked && on_demand) checked = check_on_demand_limit(service, context);
  if (checked) checked = check_creating_limit(service, context);
  if (!checked) co_return checked.take_error();
  Stream stream = new_stream(service, context, input, on_demand);
  checked = check_room_for_shards(service, stream, stream.open_shards.size());
  if (!checked) co_return checked.take_error();
  if (input.tags) {
    checked = add_tags(service.quotas(), in_words(stream), *input.tags, &stream.tags);
    if (!checked) co_return checked.take_error();
  }

  const std::string key = stream.key();
  auto body = [&](lanes::Transaction& transaction) -> aws::Result<aws::Empty> {
    auto existing = lanes::get_document(transaction, key, parse_stream);
    if (!existing) return aws::Error(existing.take_error());
    if (*existing && is_gone((*existing)->transition, context.now_ms)) {
      Result<> erased = erase_stream(transaction, **existing);
      if (!erased) return aws::Error(erased.take_error());
    } else if (*existing) {
      return errors::resource_in_use_exception(
          fmt::format("Stream {} under account {} already exists.", stream.name, stream.account));
    }
    transaction.put(key, to_document(stream));
    return aws::Empty{};
  };
  const lanes::LaneId lane = service.lanes().lane_of(stable_hash(key));
  auto created = co_await service.lanes().run(context.home, lane, body);
  co_return created;
}

}  // namespace millstream::kinesis::ops
