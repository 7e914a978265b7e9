#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "services/cloudformation/template/value.h"

namespace millstream::cloudformation {

// One name that a value refers to.
struct Reference {
  enum class Kind {
    kRef,           // {"Ref": name}
    kAttribute,     // {"Fn::GetAtt": [name, attribute]}
    kSubVariable,   // ${name}
    kSubAttribute,  // ${name.attribute}
    kIfCondition,   // {"Fn::If": [name, ..]}
    kCondition,     // {"Condition": name}
  };
  Kind kind;
  std::string name;
  std::string attribute;  // empty when it is made by a function
};

// Walks through `value`, checks the form of every function in it and calls `visit` for every name
// that it refers to. Stops at the first failure, its own or one of `visit`. `in_condition` says
// that `value` is an expression of the Conditions section.
Result<> visit_references(const Value& value, bool in_condition,
                          const std::function<Result<>(const Reference&)>& visit);

}  // namespace millstream::cloudformation
