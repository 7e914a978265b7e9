#include "services/kinesis/reshard_request.h"

#include <fmt/format.h>

#include "services/kinesis/api.gen.h"

namespace millstream::kinesis {

aws::Result<> require_provisioned(const Stream& stream) {
  if (!stream.on_demand) return {};
  return errors::validation_exception(
      fmt::format("Request is invalid. Stream {} under account {} is in On-Demand mode.",
                  stream.name, stream.account));
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
