#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace millstream::cloudformation {

// Whether the whole of `text` matches `pattern`, a regular expression of Java's kind as far as
// Perl's is the same. Fails (kInvalidArgument) when the pattern isn't one, or when matching would
// take more steps than it may.
Result<bool> matches_pattern(const std::string& pattern, std::string_view text);

}  // namespace millstream::cloudformation
