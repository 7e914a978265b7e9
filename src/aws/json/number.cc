#include "aws/json/number.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace millstream::aws {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

size_t skip_digits(std::string_view text, size_t at) {
  while (at < text.size() && is_digit(text[at])) ++at;
  return at;
}

// RFC 8259, section 6.
bool is_number(std::string_view text) {
  size_t at = !text.empty() && text[0] == '-' ? 1 : 0;
  const size_t whole = at;
  at = skip_digits(text, at);
  if (at == whole || (text[whole] == '0' && at > whole + 1)) return false;
  if (at < text.size() && text[at] == '.') {
    const size_t fraction = at + 1;
    at = skip_digits(text, fraction);
    if (at == fraction) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const size_t exponent = at;
    at = skip_digits(text, exponent);
    if (at == exponent) return false;
  }
  return at == text.size();
}

}  // namespace

std::optional<int64_t> json_integer(std::string_view text, int64_t min, int64_t max) {
  int64_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (!is_number(text)) return std::nullopt;
  if (parsed.ec == std::errc() && parsed.ptr == text.data() + text.size()) {
    return std::clamp(value, min, max);
  }
  if (parsed.ec == std::errc::result_out_of_range) return text[0] == '-' ? min : max;
  double decimal = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), decimal);
  if (result.ec == std::errc::result_out_of_range) {
    if (text.find("e-") != text.npos || text.find("E-") != text.npos) return 0;
    return text[0] == '-' ? min : max;
  }
  if (decimal >= static_cast<double>(max)) return max;
  if (decimal <= static_cast<double>(min)) return min;
  return static_cast<int64_t>(std::trunc(decimal));
}

std::optional<double> json_double(std::string_view text) {
  if (!is_number(text)) return std::nullopt;
  double value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc() || !std::isfinite(value)) return std::nullopt;
  return value;
}

bool json_is_decimal(std::string_view text) {
  return text.find_first_of(".eE") != std::string_view::npos;
}

}  // namespace millstream::aws
