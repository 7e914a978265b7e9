#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "lanes/catalogue.h"
#include "services/dynamodb/keys.h"
#include "services/dynamodb/table.h"

namespace millstream::dynamodb {

// Every table of the node in memory, kept true by the lanes: a table is here before the answer to
// its CreateTable goes out, and gone before that to its DeleteTable. Thread-safe.
class Catalogue {
 public:
  // Registers with `lanes`, which outlives it; before they are started.
  explicit Catalogue(lanes::Lanes& lanes);
  // Reads what is stored. Blocks; once, before the first request.
  Result<> load();

  // nullptr if there is none.
  [[nodiscard]] std::shared_ptr<const Table> find(const TableAddress& address) const;
  // Whether the table is still there; asked again in the lane, so that no write lands in a table
  // whose items are being taken away.
  [[nodiscard]] bool has_id(uint64_t id) const { return ids_.find(id) != nullptr; }
  // Names in an account and region that come behind `after`, in order; at most `limit`.
  [[nodiscard]] std::vector<std::string> names(std::string_view account, std::string_view region,
                                               std::string_view after, size_t limit) const;
  // Deleted tables whose items may remain.
  [[nodiscard]] std::vector<Removal> removals() const;

 private:
  lanes::IdIndex<Table> ids_;
  lanes::Catalogue<Table> tables_;
  lanes::Catalogue<Removal> removals_;
};

}  // namespace millstream::dynamodb
