#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "services/cloudformation/template/value.h"

namespace millstream::cloudformation {

// {"Ref": X}, {"Condition": X} or {"Fn::Name": X}: a map with that one member.
struct FunctionCall {
  std::string_view name;
  const Value& argument;
};
// `Condition` counts only where a condition is expected; elsewhere it is a plain member (a policy
// document has one).
std::optional<FunctionCall> as_function(const Value& value, bool in_condition = false);

// One piece of a Fn::Sub text: literal text, or the name between ${ and }.
struct SubPiece {
  bool is_variable;
  std::string text;
};
// `${!Name}` stands for the text "${Name}". Fails when a variable has a character that no name has.
Result<std::vector<SubPiece>> split_sub(std::string_view text);

bool is_pseudo_parameter(std::string_view name);

// Whether `function` has the number and kind of arguments that it takes, and is one that is known.
Result<> check_function(const FunctionCall& function);

}  // namespace millstream::cloudformation
