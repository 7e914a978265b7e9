#include "services/sts/access_key_id.h"

#include <fmt/format.h>

#include <charconv>

#include "base/check.h"
#include "base/digest.h"

namespace millstream::sts {
namespace {

constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr size_t kDigitBits = 5;
constexpr size_t kKindSize = 4;
constexpr size_t kIdSize = 20;
constexpr size_t kEntityDigits = 17;
constexpr size_t kHighDigits = 8;  // that hold the first 40 bits: the set one and 39 of the account
constexpr uint64_t kSetBit = uint64_t{1} << 39;
constexpr uint64_t kAccountMax = 999'999'999'999;

// The `count` last digits of `value`, highest first.
std::string to_digits(uint64_t value, size_t count) {
  std::string digits(count, '\0');
  for (size_t i = count; i > 0; --i) {
    digits[i - 1] = kDigits[value & 31];
    value >>= kDigitBits;
  }
  return digits;
}

std::optional<uint64_t> from_digits(std::string_view digits) {
  uint64_t value = 0;
  for (const char digit : digits) {
    const size_t index = kDigits.find(digit);
    if (index == kDigits.npos) return std::nullopt;
    value = value << kDigitBits | index;
  }
  return value;
}

}  // namespace

std::string draw_access_key_id(std::string_view kind, std::string_view account, Random& random) {
  uint64_t number = 0;
  const auto read = std::from_chars(account.data(), account.data() + account.size(), number);
  CHECK(read.ec == std::errc() && number <= kAccountMax);
  const uint64_t drawn = random.next_u64();
  // The account's last bit is the first of the second half's 40.
  const uint64_t low = (number & 1) << 39 | (drawn & (kSetBit - 1));
  return std::string(kind) + to_digits(kSetBit | number >> 1, kHighDigits) +
         to_digits(low, kHighDigits);
}

std::optional<std::string> account_of(std::string_view id) {
  if (id.size() != kIdSize || (!id.starts_with(kTemporaryKey) && !id.starts_with(kLastingKey))) {
    return std::nullopt;
  }
  const auto high = from_digits(id.substr(kKindSize, kHighDigits));
  const auto low = from_digits(id.substr(kKindSize + kHighDigits));
  if (!high || !low || (*high & kSetBit) == 0) return std::nullopt;
  const uint64_t number = (*high & (kSetBit - 1)) << 1 | *low >> 39;
  if (number > kAccountMax) return std::nullopt;
  return fmt::format("{:012}", number);
}

std::string derive_id(std::string_view kind, std::string_view arn) {
  const Sha256Digest digest = sha256(arn);
  std::string id(kind);
  for (size_t i = 0; i < kEntityDigits; ++i) id += kDigits[digest[i] & 31];
  return id;
}

}  // namespace millstream::sts
