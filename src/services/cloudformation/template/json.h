#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "services/cloudformation/template/limits.h"
#include "services/cloudformation/template/value.h"

namespace millstream::cloudformation {

// Reads one JSON document (RFC 8259). Nothing deeper than `depth_max`, no member twice in a map,
// valid UTF-8. The failure is kInvalidArgument with CloudFormation's text: "Template format error:
// JSON not well-formed. (line 1, column 7)".
Result<Value> parse_json(std::string_view text, size_t depth_max = kDocumentDepthMax);

// Compact JSON. A null is written as null; an unknown value as the string that AWS shows for it in
// a change set, "{{changeSet:KNOWN_AFTER_APPLY}}".
std::string write_json(const Value& value);

}  // namespace millstream::cloudformation
