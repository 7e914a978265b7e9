#include "services/functions/async/entry.h"

#include "base/coding.h"

namespace millstream::functions {
namespace {

constexpr char kVersion = 1;

}  // namespace

std::string encode_entry(const AsyncEntry& entry) {
  std::string out(1, kVersion);
  append_varint(static_cast<uint64_t>(entry.accepted_ms), &out);
  append_varint(static_cast<uint64_t>(entry.not_before_ms), &out);
  append_varint(static_cast<uint64_t>(entry.function_errors), &out);
  append_varint(static_cast<uint64_t>(entry.throttles), &out);
  append_prefixed(entry.client_context, &out);
  append_prefixed(entry.payload, &out);
  return out;
}

Result<AsyncEntry> decode_entry(std::string_view bytes) {
  const Error unreadable{ErrorCode::kCorruption, "a queued invocation is unreadable"};
  ByteReader reader(bytes);
  const auto version = reader.take(1);
  if (!version || version->front() != kVersion) return unreadable;
  const auto accepted = reader.varint();
  const auto not_before = reader.varint();
  const auto errors = reader.varint();
  const auto throttles = reader.varint();
  const auto context = reader.prefixed();
  const auto payload = reader.prefixed();
  if (!accepted || !not_before || !errors || !throttles || !context || !payload) return unreadable;
  AsyncEntry entry;
  entry.accepted_ms = static_cast<int64_t>(*accepted);
  entry.not_before_ms = static_cast<int64_t>(*not_before);
  entry.function_errors = static_cast<int>(*errors);
  entry.throttles = static_cast<int>(*throttles);
  entry.client_context = *context;
  entry.payload = *payload;
  return entry;
}

}  // namespace millstream::functions
