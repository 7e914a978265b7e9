#include "services/dynamodb/capacity.h"

#include <algorithm>

#include "services/dynamodb/limits.h"

namespace millstream::dynamodb {
namespace {

double whole_units(size_t bytes, size_t unit_bytes) {
  return static_cast<double>(std::max<size_t>(1, (bytes + unit_bytes - 1) / unit_bytes));
}

}  // namespace

double read_units(size_t bytes, bool consistent) {
  return whole_units(bytes, kReadUnitBytes) * (consistent ? 1.0 : 0.5);
}

double write_units(size_t old_bytes, size_t new_bytes) {
  return whole_units(std::max(old_bytes, new_bytes), kWriteUnitBytes);
}

std::optional<api::ConsumedCapacity> consumed_capacity(const std::optional<std::string>& asked,
                                                       const std::string& table_name,
                                                       double units) {
  if (!asked || *asked == "NONE") return std::nullopt;
  api::ConsumedCapacity consumed;
  consumed.table_name = table_name;
  consumed.capacity_units = units;
  if (*asked == "INDEXES") {
    consumed.table.emplace();
    consumed.table->capacity_units = units;
  }
  return consumed;
}

}  // namespace millstream::dynamodb
