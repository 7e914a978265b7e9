#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "services/cloudformation/template/template.h"

namespace millstream::cloudformation {

// One parameter as a request gives it.
struct ParameterInput {
  std::string key;
  std::optional<std::string> value;
  bool use_previous_value = false;
};

// Every declared parameter's text, by name.
using ParameterTexts = std::map<std::string, std::string>;

// Gives every parameter of `parsed` its text: the one given, the previous one where that is asked
// for (`previous` is nullptr when there is no stack yet), or the default. Checks it against the
// declaration. The failures have CloudFormation's texts, e.g. "Parameters: [X] must have values".
Result<ParameterTexts> resolve_parameters(const Template& parsed,
                                          const std::vector<ParameterInput>& inputs,
                                          const ParameterTexts* previous);

// What Ref of the parameter gives: the text, or for a list type the list of its parts.
Value parameter_value(const ParameterDeclaration& declaration, const std::string& text);

}  // namespace millstream::cloudformation
