#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "aws/error.h"
#include "services/kinesis/hash_key.h"
#include "services/kinesis/put.h"
#include "services/kinesis/service.h"

namespace millstream::kinesis {

// A stream's record distribution strategy.
inline constexpr std::string_view kEvenDistribution = "AUTO";
inline constexpr std::string_view kKeyDistribution = "USER_PARTITION_KEY";

// Only on-demand streams may spread records evenly: otherwise InvalidArgumentException.
aws::Result<> check_distribution(bool evenly, bool on_demand);

// A place of the hash space that is far from those of the numbers around: consecutive numbers cover
// it evenly, so that shards of equal ranges get equally many records, whatever their number.
HashKey even_place(uint64_t number);

// Checks that a record has what the stream distributes by, as require_partition_key does.
aws::Result<> require_distribution_key(const Stream& stream, const std::optional<std::string>& key,
                                       std::string_view path);

// As route() (put.h), but with the stream's strategy: one that spreads records evenly knows neither
// partition keys nor explicit hash keys.
aws::Result<> route_by_strategy(Service& service, const Stream& stream,
                                const std::optional<std::string>& explicit_hash_key,
                                PutEntry* entry);

// Whether a request may put so many records of so many bytes in all: InvalidArgumentException if
// not.
aws::Result<> check_put_size(const Quotas& quotas, size_t records, size_t bytes);

}  // namespace millstream::kinesis
