#include <fmt/format.h>

#include "base/check.h"
#include "base/digest.h"
#include "services/kinesis/limits.h"
#include "services/kinesis/operations.gen.h"
#include "services/kinesis/reshard_request.h"
#include "services/kinesis/service.h"

namespace millstream::kinesis::ops {
namespace {

constexpr char kLettersAndDigits[] = "abcdefghijklmnopqrstuvwxyz0123456789";

aws::Result<> check(const api::CreateStreamInput& input, bool on_demand) {
  if (on_demand && input.shard_count) {
    return errors::invalid_argument_exception(
        "ShardCount must not be specified for a stream in ON_DEMAND mode.");
  }
  if (input.shard_count.value_or(1) > kShardsPerStreamMax) {
    return errors::limit_exceeded_exception(
        fmt::format("A stream may have at most {} shards.", kShardsPerStreamMax));
  }
  if (input.warm_throughput_mibps.value_or(0) != 0) {
    return aws::unsupported_parameter("WarmThroughputMiBps", "capacity isn't reserved");
  }
  if (input.record_distribution_strategy.value_or("USER_PARTITION_KEY") != "USER_PARTITION_KEY") {
    return aws::unsupported_parameter("RecordDistributionStrategy",
                                      "only USER_PARTITION_KEY is built");
  }
  return {};
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
  if (input.tags) stream.tags = *input.tags;
  CHECK(stream.set_shards(
      even_shards(input.shard_count.value_or(kShardCountDefault), context.now_ms)));
  return stream;
}

}  // namespace

io::Task<aws::Result<aws::Empty>> create_stream(Service& service,
                                                const aws::RequestContext& context,
                                                api::CreateStreamInput input) {
  const bool on_demand =
      input.stream_mode_details && input.stream_mode_details->stream_mode == "ON_DEMAND";
  aws::Result<> checked = check(input, on_demand);
  if (!checked) co_return checked.take_error();
  const Stream stream = new_stream(service, context, input, on_demand);
  checked = check_room_for_shards(service, stream, stream.open_shards.size());
  if (!checked) co_return checked.take_error();

  const std::string key = stream_key(stream.account, stream.region, stream.name);
  auto body = [&](lanes::Transaction& transaction) -> aws::Result<aws::Empty> {
    auto existing = transaction.get(key);
    if (!existing) return aws::Error(existing.take_error());
    if (*existing) {
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
