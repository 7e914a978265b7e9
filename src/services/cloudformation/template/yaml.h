#pragma once

#include <string_view>

#include "base/result.h"
#include "services/cloudformation/template/value.h"

namespace millstream::cloudformation {

// Reads one YAML document as CloudFormation does: short forms (`!Ref X`, `!GetAtt A.B`, `!Sub`,
// ...) become their long forms ({"Ref": "X"}, {"Fn::GetAtt": ["A", "B"]}); unquoted true, false and
// JSON numbers become booleans and numbers, every other scalar stays a string; `~`, null and
// nothing are null. A template has no aliases, no key twice in a map, no second document, and
// nothing deeper than kDocumentDepthMax. The failure is kInvalidArgument with CloudFormation's
// text: "Template format error: YAML not well-formed. (line 3, column 5)".
Result<Value> parse_yaml(std::string_view text);

}  // namespace millstream::cloudformation
