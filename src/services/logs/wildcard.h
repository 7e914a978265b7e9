#pragma once

#include <string_view>

namespace millstream::logs {

// Whether `text` is `pattern`, where each * stands for any run of characters, also none. Takes time
// proportional to the product of the sizes at most.
bool wildcard_matches(std::string_view pattern, std::string_view text);

}  // namespace millstream::logs
