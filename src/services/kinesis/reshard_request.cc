#include "services/kinesis/reshard_request.h"

#include <fmt/format.h>

#include <utility>

#include "services/kinesis/api.gen.h"

namespace millstream::kinesis {
namespace {

aws::Error is_on_demand(const Stream& stream) {
  return errors::validation_exception(
      fmt::format("Request is invalid. Stream {} under account {} is in On-Demand mode.",
                  stream.name, stream.account));
}

}  // namespace

io::Task<aws::Result<std::shared_ptr<const Stream>>> reshard(
    Service& service, const aws::RequestContext& context, std::optional<std::string> name,
    std::optional<std::string> arn, std::optional<std::string> stream_id, Resharder::Plan plan) {
  auto found = service.find_stream_in_any_status(context, name, arn, stream_id);
  if (!found) co_return found.take_error();
  const std::shared_ptr<const Stream> stream = found.take();
  if (stream->on_demand) co_return is_on_demand(*stream);
  auto begun = co_await service.resharder().begin(context.home, stream, std::move(plan));
  if (!begun) co_return begun.take_error();
  co_return stream;
}

aws::Result<const Shard*> find_open_shard(const Stream& stream, const std::string& shard_id,
                                          int64_t now_ms) {
  const Shard* const shard = stream.find_shard(shard_id, now_ms);
  if (shard == nullptr) {
    return errors::resource_not_found_exception(
        fmt::format("Could not find shard {} in stream {} under account {}.", shard_id, stream.name,
                    stream.account));
  }
  if (!shard->is_open()) {
    return errors::invalid_argument_exception(
        fmt::format("Shard {} in stream {} under account {} has already been merged or split, and "
                    "thus is not eligible for merging or splitting.",
                    shard->id(), stream.name, stream.account));
  }
  return shard;
}

}  // namespace millstream::kinesis
