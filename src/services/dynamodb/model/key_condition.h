#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "services/dynamodb/model/condition.h"
#include "services/dynamodb/model/value.h"

namespace millstream::dynamodb {

struct KeyAttribute {
  std::string name;
  ValueType type = ValueType::kS;  // S, N or B
  bool operator==(const KeyAttribute&) const = default;
};

struct KeySchema {
  KeyAttribute partition;
  std::optional<KeyAttribute> sort;
};

// What a Query asks of the sort key: everything with the key within [low, high], with the bounds
// themselves in it or not; or everything that begins with `low`.
struct SortKeyRange {
  const Value* low = nullptr;  // nullptr: no bound
  const Value* high = nullptr;
  bool low_included = true;
  bool high_included = true;
  bool prefix = false;
};

struct KeyCondition {
  const Value* partition;  // equal to this
  SortKeyRange sort;
};

// The request's own rules of a KeyConditionExpression, without a table: only AND of comparisons of
// an attribute with a value. Fails with AWS's message.
struct KeyTerm {
  std::string attribute;
  bool nested = false;     // the path had more than one step
  std::string comparator;  // = < <= > >= BETWEEN begins_with, as if the attribute stood first
  std::vector<const Value*> values;
};
Result<std::vector<KeyTerm>> key_terms(const Condition& condition);

// Fits the terms to a table's key. Fails with AWS's message when the partition key isn't pinned,
// when other attributes are named, or when types don't fit. Values are those of the terms.
Result<KeyCondition> fit_key_condition(const std::vector<KeyTerm>& terms, const KeySchema& schema);

}  // namespace millstream::dynamodb
