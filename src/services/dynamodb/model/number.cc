#include "services/dynamodb/model/number.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace millstream::dynamodb {
namespace {

__extension__ typedef unsigned __int128 Coefficient;

constexpr std::string_view kNotNumeric = "The parameter cannot be converted to a numeric value: ";
constexpr std::string_view kOverflow =
    "Number overflow. Attempting to store a number with magnitude larger than supported range";
constexpr std::string_view kUnderflow =
    "Number underflow. Attempting to store a number with magnitude smaller than supported range";
constexpr std::string_view kTooManyDigits =
    "Attempting to store more than 38 significant digits in a Number";

Error invalid(std::string_view message) {
  return {ErrorCode::kInvalidArgument, std::string(message)};
}
Error not_numeric(std::string_view text) {
  return {ErrorCode::kInvalidArgument, std::string(kNotNumeric) + std::string(text)};
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// First byte of the ordered form.
constexpr char kNegativeClass = 1;
constexpr char kZeroClass = 2;
constexpr char kPositiveClass = 3;

}  // namespace

Number::Number(int64_t value) {
  if (value == 0) return;
  negative_ = value < 0;
  low_ = negative_ ? 0 - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
  while (low_ % 10 == 0) {
    low_ /= 10;
    ++exponent_;
  }
}

Number::Digits Number::digits() const {
  Digits result;
  Coefficient left = static_cast<Coefficient>(high_) << 64 | low_;
  uint8_t reversed[kDigitsMax];
  while (left != 0) {
    reversed[result.count++] = static_cast<uint8_t>(left % 10);
    left /= 10;
  }
  std::reverse_copy(reversed, reversed + result.count, result.digit);
  return result;
}

Result<Number> Number::from_digits(bool negative, const uint8_t* digit, int count, int magnitude) {
  while (count > 0 && *digit == 0) {
    ++digit;
    --count;
    --magnitude;
  }
  while (count > 0 && digit[count - 1] == 0) --count;
  if (count == 0) return Number();
  if (magnitude > kMagnitudeMax) return invalid(kOverflow);
  if (magnitude < kMagnitudeMin) return invalid(kUnderflow);
  if (count > kDigitsMax) return invalid(kTooManyDigits);
  Coefficient coefficient = 0;
  for (int i = 0; i < count; ++i) coefficient = coefficient * 10 + digit[i];
  Number number;
  number.low_ = static_cast<uint64_t>(coefficient);
  number.high_ = static_cast<uint64_t>(coefficient >> 64);
  number.exponent_ = static_cast<int16_t>(magnitude - count + 1);
  number.negative_ = negative;
  return number;
}

Result<Number> Number::parse(std::string_view text) {
  size_t at = 0;
  bool negative = false;
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) negative = text[at++] == '-';
  std::vector<uint8_t> digits;
  digits.reserve(text.size());
  while (at < text.size() && is_digit(text[at])) digits.push_back(text[at++] - '0');
  const int64_t integer_digits = static_cast<int64_t>(digits.size());
  if (at < text.size() && text[at] == '.') {
    ++at;
    while (at < text.size() && is_digit(text[at])) digits.push_back(text[at++] - '0');
  }
  if (digits.empty()) return not_numeric(text);
  int64_t exponent = 0;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    const bool plus = at < text.size() && text[at] == '+';
    if (plus) ++at;
    if (at == text.size() || (plus && text[at] == '-')) return not_numeric(text);
    const auto [end, problem] =
        std::from_chars(text.data() + at, text.data() + text.size(), exponent);
    if (problem != std::errc()) return not_numeric(text);
    at = static_cast<size_t>(end - text.data());
  }
  if (at != text.size()) return not_numeric(text);

  const bool zero = std::all_of(digits.begin(), digits.end(), [](uint8_t d) { return d == 0; });
  // Zero is judged by the exponent that it is written with.
  constexpr int64_t kFar = 1'000'000'000;
  exponent = std::clamp(exponent, -kFar, kFar);
  if (zero) {
    const int64_t scale = exponent - (static_cast<int64_t>(digits.size()) - integer_digits);
    if (scale > kMagnitudeMax) return invalid(kOverflow);
    if (scale < kMagnitudeMin) return invalid(kUnderflow);
    return Number();
  }
  return from_digits(negative, digits.data(), static_cast<int>(digits.size()),
                     static_cast<int>(exponent + integer_digits - 1));
}

void Number::append_text(std::string* out) const {
  if (is_zero()) {
    out->push_back('0');
    return;
  }
  const Digits all = digits();
  const int point = magnitude(all) + 1;  // digits before the decimal point
  if (negative_) out->push_back('-');
  if (point <= 0) {
    out->append("0.");
    out->append(static_cast<size_t>(-point), '0');
  }
  for (int i = 0; i < all.count; ++i) {
    if (i == point && i > 0) out->push_back('.');
    out->push_back(static_cast<char>('0' + all.digit[i]));
  }
  if (point > all.count) out->append(static_cast<size_t>(point - all.count), '0');
}

std::string Number::text() const {
  std::string out;
  append_text(&out);
  return out;
}

Number Number::negated() const {
  Number result = *this;
  result.negative_ = !negative_ && !is_zero();
  return result;
}

std::strong_ordering Number::compare_magnitude(const Number& left, const Number& right) {
  if (left.is_zero() || right.is_zero()) return !left.is_zero() <=> !right.is_zero();
  const Digits a = left.digits();
  const Digits b = right.digits();
  if (left.magnitude(a) != right.magnitude(b)) return left.magnitude(a) <=> right.magnitude(b);
  return std::lexicographical_compare_three_way(a.digit, a.digit + a.count, b.digit,
                                                b.digit + b.count);
}

std::strong_ordering Number::operator<=>(const Number& other) const {
  if (negative_ != other.negative_) return other.negative_ <=> negative_;
  return negative_ ? compare_magnitude(other, *this) : compare_magnitude(*this, other);
}

Result<Number> Number::sum(const Number& left, const Number& right) {
  const Digits a = left.digits();
  const Digits b = right.digits();
  // Columns from the higher first digit (and one for a carry) down to the lower last digit.
  const int top = std::max(left.magnitude(a), right.magnitude(b)) + 1;
  const int bottom = std::min(left.exponent_, right.exponent_);
  std::array<int8_t, 600> column{};
  const int count = top - bottom + 1;
  const int right_sign = left.negative_ == right.negative_ ? 1 : -1;
  for (int i = 0; i < a.count; ++i) column[top - left.magnitude(a) + i] += a.digit[i];
  for (int i = 0; i < b.count; ++i) {
    column[top - right.magnitude(b) + i] += static_cast<int8_t>(right_sign * b.digit[i]);
  }
  for (int i = count - 1; i > 0; --i) {
    const int carry = column[i] > 9 ? 1 : column[i] < 0 ? -1 : 0;
    column[i] -= static_cast<int8_t>(carry * 10);
    column[i - 1] += static_cast<int8_t>(carry);
  }
  std::array<uint8_t, 600> digit;
  std::copy(column.begin(), column.begin() + count, digit.begin());
  Result<Number> result = from_digits(left.negative_, digit.data(), count, top);
  // AWS says overflow also of a result that needs more digits than there are.
  if (!result && result.error().message == kTooManyDigits) return invalid(kOverflow);
  return result;
}

Result<Number> Number::add(const Number& left, const Number& right) {
  if (left.is_zero()) return right;
  if (right.is_zero()) return left;
  // The columns are summed with the sign of the one that is larger, so no borrow leaves the top.
  return compare_magnitude(left, right) < 0 ? sum(right, left) : sum(left, right);
}

Result<Number> Number::subtract(const Number& left, const Number& right) {
  return add(left, right.negated());
}

size_t Number::size() const {
  if (is_zero()) return 1;
  const Digits all = digits();
  const int point = magnitude(all) + 1;
  const int integer = std::clamp(point, 0, all.count);
  const int fraction = all.count - integer;
  return static_cast<size_t>(1 + (integer + 1) / 2 + (fraction + 1) / 2 + (negative_ ? 1 : 0));
}

void Number::append_key(std::string* out) const {
  if (is_zero()) {
    out->push_back(kZeroClass);
    return;
  }
  out->push_back(negative_ ? kNegativeClass : kPositiveClass);
  const Digits all = digits();
  const int flip = negative_ ? 0xff : 0;
  out->push_back(static_cast<char>((magnitude(all) - kMagnitudeMin) ^ flip));
  for (int i = 0; i < all.count; i += 2) {
    const int second = i + 1 < all.count ? all.digit[i + 1] : 0;
    out->push_back(static_cast<char>((all.digit[i] * 10 + second + 1) ^ flip));
  }
  out->push_back(static_cast<char>(0 ^ flip));
}

Result<Number> Number::read_key(ByteReader* reader) {
  const Error corrupt{ErrorCode::kCorruption, "a stored number isn't in its ordered form"};
  const auto kind = reader->take(1);
  if (!kind) return corrupt;
  if ((*kind)[0] == kZeroClass) return Number();
  if ((*kind)[0] != kPositiveClass && (*kind)[0] != kNegativeClass) return corrupt;
  const bool negative = (*kind)[0] == kNegativeClass;
  const int flip = negative ? 0xff : 0;
  const auto magnitude = reader->take(1);
  if (!magnitude) return corrupt;
  uint8_t digit[kDigitsMax + 1];
  int count = 0;
  while (true) {
    const auto next = reader->take(1);
    if (!next) return corrupt;
    const int pair = static_cast<uint8_t>((*next)[0]) ^ flip;
    if (pair == 0) break;
    if (pair > 100 || count >= kDigitsMax) return corrupt;
    digit[count++] = static_cast<uint8_t>((pair - 1) / 10);
    digit[count++] = static_cast<uint8_t>((pair - 1) % 10);
  }
  const int first = (static_cast<uint8_t>((*magnitude)[0]) ^ flip) + kMagnitudeMin;
  Result<Number> number = from_digits(negative, digit, count, first);
  if (!number) return corrupt;
  return number;
}

}  // namespace millstream::dynamodb
