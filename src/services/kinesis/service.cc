#include "services/kinesis/service.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <string_view>

#include "services/kinesis/access.h"
#include "services/kinesis/api.gen.h"
#include "services/kinesis/arn.h"

namespace millstream::kinesis {

OnDemandSettings on_demand_settings(const ServiceOptions& options) {
  OnDemandSettings settings = options.on_demand;
  settings.shard_bytes = options.quotas[Quota::kShardWriteBytes];
  settings.shard_records = options.quotas[Quota::kShardWriteRecords];
  return settings;
}

Result<> Service::start() {
  Result<> loaded = catalog_.load();
  if (loaded && !catalog_.resharding().empty()) resharder_.wake();
  if (loaded) remover_.wake();
  if (loaded && !catalog_.on_demand_streams().empty()) scaler_.wake();
  return loaded;
}

size_t Service::room_for_shards(const Stream& stream) const {
  const size_t used = catalog_.usage(stream.account, stream.region).open_shards;
  const auto limit = static_cast<size_t>(quotas().shards(stream.region));
  return limit - std::min(limit, used);
}

aws::Result<std::shared_ptr<const Stream>> Service::find_stream(
    const aws::RequestContext& context, const std::optional<std::string>& name,
    const std::optional<std::string>& arn, const std::optional<std::string>& stream_id) {
  auto stream = find_stream_in_any_status(context, name, arn, stream_id);
  if (!stream || !(*stream)->transition) return stream;
  if ((*stream)->status(context.now_ms) == "CREATING") {
    return stream_not_found((*stream)->name, (*stream)->account);
  }
  return stream;
}

aws::Result<std::shared_ptr<const Stream>> Service::find_stream_in_any_status(
    const aws::RequestContext& context, const std::optional<std::string>& name,
    const std::optional<std::string>& arn, const std::optional<std::string>& stream_id) {
  std::shared_ptr<const Stream> stream;
  if (arn) {
    const auto parts = split_arn(*arn);
    if (!parts) return errors::invalid_argument_exception("The StreamARN is no stream's ARN.");
    if (name && *name != parts->stream) {
      return errors::invalid_argument_exception("StreamARN and StreamName do not match.");
    }
    stream = catalog_.find(parts->account, parts->region, parts->stream);
    if (!stream || is_gone(stream->transition, context.now_ms)) {
      if (parts->account != context.account) return access_denied(context, *arn);
      return stream_not_found(parts->stream, parts->account);
    }
    aws::Result<> allowed = check_access(context, *stream);
    if (!allowed) return allowed.take_error();
    return stream;
  }
  if (name) {
    stream = catalog_.find(context.account, context.region, *name);
    if (!stream || is_gone(stream->transition, context.now_ms)) {
      return stream_not_found(*name, context.account);
    }
    return stream;
  }
  if (stream_id) {
    for (auto& found :
         catalog_.list(context.account, context.region, "", std::numeric_limits<size_t>::max())) {
      if (found->stream_id == *stream_id && !is_gone(found->transition, context.now_ms)) {
        return found;
      }
    }
    return stream_not_found(*stream_id, context.account);
  }
  return errors::invalid_argument_exception(
      "Either StreamName, StreamARN or StreamId must be provided.");
}

aws::Result<std::shared_ptr<const Consumer>> Service::find_consumer(
    const aws::RequestContext& context, std::string_view arn) {
  const auto parts = split_arn(arn);
  std::shared_ptr<const Consumer> consumer;
  if (parts) {
    const auto stream = catalog_.find(parts->account, parts->region, parts->stream);
    if (stream) consumer = catalog_.find_consumer(*stream, parts->consumer);
  }
  // The creation in the ARN tells a consumer from one of that name that was there before.
  if (!consumer || consumer->arn() != arn || is_gone(consumer->transition, context.now_ms)) {
    if (parts && parts->account != context.account) return access_denied(context, arn);
    return consumer_not_found(arn, parts ? parts->account : std::string_view(context.account));
  }
  aws::Result<> allowed = check_access(context, *consumer);
  if (!allowed) return allowed.take_error();
  return consumer;
}

bool Service::has_consumer(const Stream& stream, std::string_view arn) const {
  const auto parts = split_arn(arn);
  const auto consumer = parts ? catalog_.find_consumer(stream, parts->consumer) : nullptr;
  return consumer && consumer->arn() == arn;
}

aws::Error stream_not_found(std::string_view name, std::string_view account) {
  return errors::resource_not_found_exception(
      fmt::format("Stream {} under account {} not found.", name, account));
}

aws::Error consumer_not_found(std::string_view name_or_arn, std::string_view account) {
  return errors::resource_not_found_exception(
      fmt::format("Consumer {}, account {} not found.", name_or_arn, account));
}

aws::Result<> refuse_dry_run(const std::optional<bool>& dry_run) {
  if (!dry_run.value_or(false)) return {};
  return errors::dry_run_operation_exception(
      "Request would have succeeded, but DryRun flag is set.");
}

}  // namespace millstream::kinesis
