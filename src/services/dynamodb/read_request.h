#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aws/error.h"
#include "services/dynamodb/api.gen.h"
#include "services/dynamodb/item_reader.h"
#include "services/dynamodb/model/condition.h"
#include "services/dynamodb/model/key_condition.h"
#include "services/dynamodb/page_reader.h"

namespace millstream::dynamodb {

// What a Query or Scan asks for, once the request's own rules were checked. Refers to the request's
// values.
struct ReadRules {
  Projection projection;
  std::optional<Condition> filter;
  std::vector<KeyTerm> key_terms;  // Query only
  bool counts_only = false;        // Select: COUNT
};

aws::Result<ReadRules> read_rules(const api::QueryInput& input);
aws::Result<ReadRules> read_rules(const api::ScanInput& input);

// The keys that a Query looks at: its condition fitted to the table, and behind ExclusiveStartKey.
aws::Result<PageQuery> read_range(const Table& table, const ReadRules& rules,
                                  const api::QueryInput& input);
// Those of a Scan: the whole table or one segment of its hashes.
aws::Result<PageQuery> read_range(const Table& table, const ReadRules& rules,
                                  const api::ScanInput& input);

}  // namespace millstream::dynamodb
