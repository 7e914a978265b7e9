#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aws/error.h"
#include "services/dynamodb/model/value.h"

namespace millstream::dynamodb {

// What the parts of an AttributeValue make, however they came over the wire. A part that breaks a
// rule of DynamoDB makes a Defect.
Value number_from(std::string text);
Value string_set_from(std::vector<std::string> members);
Value number_set_from(std::vector<std::string> members);
Value binary_set_from(std::vector<std::string> members);
Value null_from(bool flag);

// What a function above makes of a part that could be read.
template <class T>
aws::Result<Value> value_of(aws::Result<T> part, Value (*make)(T)) {
  if (!part) return part.take_error();
  return make(part.take());
}

// In place of a list or map beyond Value::kNestingMax levels.
Value too_deep();
// In place of a value that has another number of types than one; nothing if it has one.
std::optional<Value> wrong_count(int types);

}  // namespace millstream::dynamodb
