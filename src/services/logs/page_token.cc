#include "services/logs/page_token.h"

#include <charconv>
#include <cstdio>

#include "base/coding.h"
#include "base/hex.h"

namespace millstream::logs {
namespace {

constexpr size_t kTimeDigits = 20;
constexpr size_t kSequenceDigits = 36;

template <class Integer>
std::optional<Integer> parse_digits(std::string_view text) {
  Integer value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::string encode_stream_token(const StreamToken& token) {
  char text[80];
  std::snprintf(text, sizeof text, "%c/%020lld%036llu",
                token.direction == Direction::kForward ? 'f' : 'b',
                static_cast<long long>(token.position.timestamp_ms),
                static_cast<unsigned long long>(token.position.sequence));
  return text;
}

std::optional<StreamToken> decode_stream_token(std::string_view text) {
  StreamToken token;
  if (text.size() != 2 + kTimeDigits + kSequenceDigits) return std::nullopt;
  if (!text.starts_with("f/") && !text.starts_with("b/")) return std::nullopt;
  token.direction = text.front() == 'f' ? Direction::kForward : Direction::kBackward;
  const auto timestamp = parse_digits<int64_t>(text.substr(2, kTimeDigits));
  const auto sequence = parse_digits<uint64_t>(text.substr(2 + kTimeDigits));
  if (!timestamp || !sequence || *timestamp < 0) return std::nullopt;
  token.position = {*timestamp, *sequence};
  return token;
}

std::string encode_group_token(const GroupPosition& position) {
  std::string bytes;
  append_big(position.timestamp_ms, &bytes);
  append_big(position.stream_id, &bytes);
  append_big(position.sequence, &bytes);
  return to_hex(bytes);
}

std::optional<GroupPosition> decode_group_token(std::string_view text) {
  const auto bytes = from_hex(text);
  if (!bytes || bytes->size() != 24) return std::nullopt;
  GroupPosition position{load_big<int64_t>(bytes->data()), load_big<uint64_t>(bytes->data() + 8),
                         load_big<uint64_t>(bytes->data() + 16)};
  if (position.timestamp_ms < 0) return std::nullopt;
  return position;
}

std::string event_id(const GroupPosition& position) {
  char text[80];
  std::snprintf(text, sizeof text, "%016lld%020llu%020llu",
                static_cast<long long>(position.timestamp_ms),
                static_cast<unsigned long long>(position.stream_id),
                static_cast<unsigned long long>(position.sequence));
  return text;
}

}  // namespace millstream::logs
