#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "base/result.h"

namespace millstream::server {

// NAME=VALUE, as settings take it that may be given more than once. Views of what was read.
struct Assignment {
  std::string_view text;
  std::string_view name;                  // all of the text without a "="
  std::optional<std::string_view> value;  // nothing without a "="
};

// Calls `read` for each element of a list with commas, up to the first failure, which it gives.
Result<> read_assignments(std::string_view list,
                          const std::function<Result<>(const Assignment& assignment)>& read);

// A number of digits alone that fits; nothing for other text.
std::optional<int64_t> whole_number(std::string_view text);

}  // namespace millstream::server
