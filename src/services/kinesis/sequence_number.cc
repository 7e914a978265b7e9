#include "services/kinesis/sequence_number.h"

#include <array>
#include <cstring>

namespace millstream::kinesis {
namespace {

// 192 bits, lowest limb first.
using Limbs = std::array<uint64_t, 3>;
constexpr int kBits = 188;
constexpr uint64_t kVersion = 2;
constexpr uint64_t kTenToThe19th = 10'000'000'000'000'000'000ULL;
constexpr size_t kDigitsMax = 57;

// "00" to "99", one behind the other.
constexpr auto kPairs = [] {
  std::array<char, 200> pairs{};
  for (int i = 0; i < 100; ++i) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}();

void append_bits(uint64_t value, int bits, Limbs* limbs) {
  (*limbs)[2] = (*limbs)[2] << bits | (*limbs)[1] >> (64 - bits);
  (*limbs)[1] = (*limbs)[1] << bits | (*limbs)[0] >> (64 - bits);
  (*limbs)[0] = (*limbs)[0] << bits | value;
}

// Takes fields off the top of the 188 bits.
class BitReader {
 public:
  explicit BitReader(const Limbs& limbs) : limbs_(limbs) {}
  uint64_t take(int bits) {
    uint64_t value = 0;
    for (int i = 0; i < bits; ++i) {
      --at_;
      value = value << 1 | (limbs_[at_ / 64] >> (at_ % 64) & 1);
    }
    return value;
  }

 private:
  Limbs limbs_;
  int at_ = kBits;
};

// Divides in place and returns the remainder.
uint64_t divide(Limbs* limbs, uint64_t by) {
  unsigned __int128 rest = 0;  // less than `by` after each limb, so that a quotient fits into one
  for (int i = 2; i >= 0; --i) {
    rest = rest << 64 | (*limbs)[i];
    const auto quotient = static_cast<uint64_t>(rest / by);
    (*limbs)[i] = quotient;
    rest -= static_cast<unsigned __int128>(quotient) * by;  // a second division would cost more
  }
  return static_cast<uint64_t>(rest);
}

// limbs = limbs * 10 + digit; false when it doesn't fit.
bool push_digit(Limbs* limbs, uint64_t digit) {
  unsigned __int128 carry = digit;
  for (uint64_t& limb : *limbs) {
    carry += static_cast<unsigned __int128>(limb) * 10;
    limb = static_cast<uint64_t>(carry);
    carry >>= 64;
  }
  return carry == 0;
}

}  // namespace

void append_text(const SequenceNumber& number, std::string* out) {
  Limbs limbs{};
  append_bits(2, 4, &limbs);
  append_bits(static_cast<uint64_t>(number.shard_created_seconds) & 0xfffffffffULL, 36, &limbs);
  append_bits(number.shard_index & 0xf, 4, &limbs);
  append_bits(number.sequence >> 32, 32, &limbs);
  append_bits(number.sequence & 0xffffffff, 32, &limbs);
  append_bits(0, 8, &limbs);
  append_bits(static_cast<uint64_t>(number.arrival_seconds) & 0xfffffffffULL, 36, &limbs);
  append_bits(number.shard_index, 32, &limbs);
  append_bits(kVersion, 4, &limbs);

  char digits[kDigitsMax];
  char* at = digits + kDigitsMax;
  while (limbs[0] != 0 || limbs[1] != 0 || limbs[2] != 0) {
    uint64_t low = divide(&limbs, kTenToThe19th);
    for (int i = 0; i < 9; ++i) {
      at -= 2;
      std::memcpy(at, &kPairs[low % 100 * 2], 2);
      low /= 100;
    }
    *--at = static_cast<char>('0' + low);
  }
  while (*at == '0') ++at;
  out->append(at, static_cast<size_t>(digits + kDigitsMax - at));
}

std::string to_text(const SequenceNumber& number) {
  std::string text;
  append_text(number, &text);
  return text;
}

std::optional<SequenceNumber> parse_sequence_number(std::string_view text) {
  if (text.empty() || text.size() > kDigitsMax) return std::nullopt;
  Limbs limbs{};
  for (char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    if (!push_digit(&limbs, static_cast<uint64_t>(c - '0'))) return std::nullopt;
  }
  if (limbs[2] >> (kBits - 128) != 0) return std::nullopt;
  BitReader bits(limbs);
  SequenceNumber number;
  if (bits.take(4) != 2) return std::nullopt;
  number.shard_created_seconds = static_cast<int64_t>(bits.take(36));
  const uint64_t low_digit = bits.take(4);
  number.sequence = bits.take(64);
  if (bits.take(8) != 0) return std::nullopt;
  number.arrival_seconds = static_cast<int64_t>(bits.take(36));
  number.shard_index = static_cast<uint32_t>(bits.take(32));
  if (bits.take(4) != kVersion || low_digit != (number.shard_index & 0xf)) return std::nullopt;
  return number;
}

}  // namespace millstream::kinesis
