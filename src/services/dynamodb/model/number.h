#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/coding.h"
#include "base/result.h"

namespace millstream::dynamodb {

// DynamoDB's number: a decimal of up to 38 significant digits whose magnitude is 0 or within
// 1E-130 .. 9.99...E+125. Exact: nothing is ever rounded. A value; 24 bytes.
//
// Stored normalised: the coefficient has no trailing zero, zero is never negative, so equal numbers
// are equal field by field.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
class Number {
 public:
  static constexpr int kDigitsMax = 38;
  static constexpr int kMagnitudeMax = 125;  // power of ten of the first digit
  static constexpr int kMagnitudeMin = -130;

  Number() = default;
  explicit Number(int64_t value);

  // Reads [+-]digits[.digits][e[+-]digits], with no space around it. On failure the error's message
  // is AWS's: not a number, overflow, underflow, or too many digits.
  static Result<Number> parse(std::string_view text);

  // Plain decimal without an exponent and without superfluous zeros: "-12.5".
  [[nodiscard]] std::string text() const;
  void append_text(std::string* out) const;

  // Fails with AWS's message when the result leaves the range or needs more than 38 digits.
  static Result<Number> add(const Number& left, const Number& right);
  static Result<Number> subtract(const Number& left, const Number& right);

  [[nodiscard]] bool is_zero() const { return low_ == 0 && high_ == 0; }
  [[nodiscard]] bool is_negative() const { return negative_; }
  [[nodiscard]] Number negated() const;
  std::strong_ordering operator<=>(const Number& other) const;
  bool operator==(const Number& other) const = default;

  // Bytes that AWS counts for it: one, and one for every two digits on either side of the point,
  // and one for a minus.
  [[nodiscard]] size_t size() const;

  // A self-delimiting form whose byte order is numeric order, of at most kKeyBytesMax bytes
  // (docs/formats/state/dynamodb.md, "Numbers").
  static constexpr size_t kKeyBytesMax = 22;
  void append_key(std::string* out) const;
  // Takes such a form off the front of `reader`; kCorruption if there is none.
  static Result<Number> read_key(ByteReader* reader);

 private:
  // Decimal digits, the most significant first, without leading or trailing zeros.
  struct Digits {
    uint8_t digit[kDigitsMax];
    int count = 0;
  };
  [[nodiscard]] Digits digits() const;
  // `digit[0]` has the weight 10^magnitude. Trims zeros, then checks range and precision.
  static Result<Number> from_digits(bool negative, const uint8_t* digit, int count, int magnitude);
  [[nodiscard]] int magnitude(const Digits& digits) const { return exponent_ + digits.count - 1; }
  static std::strong_ordering compare_magnitude(const Number& left, const Number& right);
  static Result<Number> sum(const Number& left, const Number& right);

  // The value is coefficient * 10^exponent_, the coefficient being high_ * 2^64 + low_.
  uint64_t low_ = 0;
  uint64_t high_ = 0;
  int16_t exponent_ = 0;
  bool negative_ = false;
};

}  // namespace millstream::dynamodb
