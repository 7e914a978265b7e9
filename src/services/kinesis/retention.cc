#include "services/kinesis/retention.h"

#include <fmt/format.h>

#include "services/kinesis/api.gen.h"

namespace millstream::kinesis {
namespace {

aws::Result<> check_range(const Quotas& quotas, int32_t hours) {
  if (hours < quotas[Quota::kRetentionHoursMin]) {
    return errors::invalid_argument_exception(fmt::format(
        "Minimum allowed retention period is {} hours. Requested retention period ({} hours) is "
        "too short.",
        quotas[Quota::kRetentionHoursMin], hours));
  }
  if (hours > quotas[Quota::kRetentionHoursMax]) {
    return errors::invalid_argument_exception(fmt::format(
        "Maximum allowed retention period is {} hours. Requested retention period ({} hours) is "
        "too long.",
        quotas[Quota::kRetentionHoursMax], hours));
  }
  return {};
}

aws::Error wrong_way(const Stream& stream, int32_t hours, std::string_view wrong,
                     std::string_view other) {
  return errors::invalid_argument_exception(fmt::format(
      "Requested retention period ({} hours) for stream {} can not be {} than existing retention "
      "period ({} hours). Use {}RetentionPeriod API.",
      hours, stream.name, wrong, stream.retention_hours, other));
}

}  // namespace

aws::Result<> increase_retention(const Quotas& quotas, int32_t hours, Stream* stream) {
  aws::Result<> checked = check_range(quotas, hours);
  if (!checked) return checked;
  if (hours < stream->retention_hours) return wrong_way(*stream, hours, "shorter", "Decrease");
  stream->retention_hours = hours;
  return {};
}

aws::Result<> decrease_retention(const Quotas& quotas, int32_t hours, Stream* stream) {
  aws::Result<> checked = check_range(quotas, hours);
  if (!checked) return checked;
  if (hours > stream->retention_hours) return wrong_way(*stream, hours, "longer", "Increase");
  stream->retention_hours = hours;
  return {};
}

}  // namespace millstream::kinesis
