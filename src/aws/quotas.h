#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace millstream::aws {

// One of a service's quotas: how much of something an account, a stream or a shard may have.
struct Quota {
  std::string_view name;    // "kinesis.shards", as --quota takes it
  int64_t value;            // AWS's default, and ours
  std::string_view unit;    // "shards"
  std::string_view bounds;  // what may not be more, for the table of docs/quotas.md
  bool rate = false;        // held with --quotas aws only; all others always are
  int64_t value_max = 0;    // what it may be set to at most; 0: anything
};

// What was set with --quota, by name. Only names of a table are in it.
using QuotaValues = std::map<std::string, int64_t, std::less<>>;

// A service's quotas as they hold in this server. A value; looked up by the place in its table.
class Quotas {
 public:
  // `rates`: whether those are held too.
  Quotas(std::span<const Quota> table, const QuotaValues& set, bool rates) : rates_(rates) {
    for (const Quota& quota : table) {
      const auto found = set.find(quota.name);
      values_.push_back(found == set.end() ? quota.value : found->second);
      set_.push_back(found != set.end());
    }
  }

  [[nodiscard]] int64_t value(size_t place) const { return values_[place]; }
  // Whether it was set here, so that AWS's default for a region doesn't count.
  [[nodiscard]] bool is_set(size_t place) const { return set_[place]; }
  [[nodiscard]] bool rates() const { return rates_; }

 private:
  std::vector<int64_t> values_;
  std::vector<bool> set_;
  bool rates_;
};

}  // namespace millstream::aws
