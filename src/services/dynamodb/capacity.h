#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "services/dynamodb/api.gen.h"
#include "services/dynamodb/table.h"

namespace millstream::dynamodb {

// Units as AWS counts them, from item sizes: 4 KB a read, half of that when it needn't be
// consistent; 1 KB a write. Nothing costs nothing: at least one unit of either.
double read_units(size_t bytes, bool consistent);
double write_units(size_t old_bytes, size_t new_bytes);

// The ConsumedCapacity of an answer; nothing unless the request asked for it (TOTAL, INDEXES).
std::optional<api::ConsumedCapacity> consumed_capacity(const std::optional<std::string>& asked,
                                                       const std::string& table_name, double units);

}  // namespace millstream::dynamodb
