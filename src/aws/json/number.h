#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace millstream::aws {

// A JSON number's text as the whole number that AWS's services make of it: a fraction is cut, what
// is out of [min, max] becomes the nearest bound. Nothing if the text isn't a JSON number.
std::optional<int64_t> json_integer(std::string_view text, int64_t min, int64_t max);

// Nothing if the text isn't a JSON number, or isn't finite as a double.
std::optional<double> json_double(std::string_view text);

// Whether it has a fraction or an exponent.
bool json_is_decimal(std::string_view text);

}  // namespace millstream::aws
