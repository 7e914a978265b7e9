#include "services/kinesis/distribution.h"

#include <fmt/format.h>

#include "services/kinesis/api.gen.h"

namespace millstream::kinesis {

aws::Result<> check_distribution(bool evenly, bool on_demand) {
  if (!evenly || on_demand) return {};
  return errors::invalid_argument_exception(
      "RecordDistributionStrategy AUTO is only supported for streams in ON_DEMAND mode.");
}

HashKey even_place(uint64_t number) {
  // 2^128 divided by the golden ratio.
  constexpr HashKey kStep = HashKey{0x9e3779b97f4a7c15} << 64 | HashKey{0xf39cc0605cedc835};
  return kStep * number;
}

aws::Result<> require_distribution_key(const Stream& stream, const std::optional<std::string>& key,
                                       std::string_view path) {
  if (stream.settings.spreads_evenly) return {};
  return require_partition_key(key, path);
}

aws::Result<> route_by_strategy(Service& service, const Stream& stream,
                                const std::optional<std::string>& explicit_hash_key,
                                PutEntry* entry) {
  if (!stream.settings.spreads_evenly) return route(stream, explicit_hash_key, entry);
  return route_to(stream, even_place(service.next_place()), entry);
}

aws::Result<> check_put_size(const Quotas& quotas, size_t records, size_t bytes) {
  const int64_t records_max = quotas[Quota::kPutRecordsRecords];
  if (static_cast<int64_t>(records) > records_max) {
    return errors::invalid_argument_exception(
        fmt::format("Records count {} exceeds the limit of {} records", records, records_max));
  }
  const int64_t bytes_max = quotas[Quota::kPutRecordsBytes];
  if (static_cast<int64_t>(bytes) <= bytes_max) return {};
  if (bytes_max % (1 << 20) != 0) {
    return errors::invalid_argument_exception(
        fmt::format("Records size exceeds {} byte limit", bytes_max));
  }
  return errors::invalid_argument_exception(
      fmt::format("Records size exceeds {} MB limit", bytes_max >> 20));
}

}  // namespace millstream::kinesis
