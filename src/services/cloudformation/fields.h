#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "services/cloudformation/template/json.h"
#include "services/cloudformation/template/value.h"

namespace millstream::cloudformation {

// Reading and making the fields of a stored document. A field that is absent, or of another kind,
// reads as empty, zero or false.
std::string text_field(const Value& document, std::string_view name);
bool bool_field(const Value& document, std::string_view name);
long long integer_field(const Value& document, std::string_view name);
const Value::List& list_field(const Value& document, std::string_view name);
std::vector<std::string> texts_field(const Value& document, std::string_view name);
Value from_texts(const std::vector<std::string>& texts);

// A document with its version, and the way back. `kind` names it in the failure, kCorruption.
Value versioned();
Result<Value> parse_versioned(std::string_view text, std::string_view kind);
Error damaged(std::string_view kind);

}  // namespace millstream::cloudformation
