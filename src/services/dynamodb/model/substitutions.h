#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "base/result.h"
#include "services/dynamodb/model/value.h"

namespace millstream::dynamodb {

using AttributeNames = std::map<std::string, std::string>;

// A request's ExpressionAttributeNames and ExpressionAttributeValues, and which of them its
// expressions used. Refers to the request's maps (either may be nullptr), which outlive it and
// every expression that was parsed with it. Not synchronised.
class Substitutions {
 public:
  Substitutions(const AttributeNames* names, const Item* values) : names_(names), values_(values) {}

  // Fails with AWS's message when a map is empty or a key isn't a placeholder. Values are judged
  // elsewhere (Defect).
  [[nodiscard]] Result<> check_keys() const;

  // What a placeholder stands for, or nullptr; found ones count as used.
  const std::string* name(std::string_view placeholder);
  const Value* value(std::string_view placeholder);

  // Fails with AWS's message when something was given and not used.
  [[nodiscard]] Result<> check_all_used() const;

 private:
  const AttributeNames* names_;
  const Item* values_;
  std::set<std::string, std::less<>> used_;  // both kinds: their first character tells them apart
};

}  // namespace millstream::dynamodb
