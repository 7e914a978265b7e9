#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "lanes/transaction.h"

namespace millstream::dynamodb {

// How many items a table has, and how many bytes as AWS counts them; kept for each lane in the same
// transactions as the items.
struct Counts {
  int64_t items = 0;
  int64_t bytes = 0;
};

std::string encode_counts(const Counts& counts);
Result<Counts> decode_counts(std::string_view bytes);

// Adds `change` to the table's counts in the transaction's lane.
Result<> change_counts(lanes::Transaction& transaction, uint64_t table_id, const Counts& change);

}  // namespace millstream::dynamodb
