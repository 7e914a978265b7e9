#pragma once

#include <string_view>

namespace millstream::dynamodb {

// Whether an attribute of this name must be written as a #placeholder. Case doesn't matter.
bool is_reserved_word(std::string_view name);

}  // namespace millstream::dynamodb
