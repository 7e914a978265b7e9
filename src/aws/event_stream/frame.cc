#include "aws/event_stream/frame.h"

#include <cstdint>

#include "base/check.h"
#include "base/coding.h"
#include "base/digest.h"

namespace millstream::aws {

namespace {

constexpr char kStringType = 7;
constexpr size_t kNameBytesMax = 255;
constexpr size_t kValueBytesMax = 32767;
constexpr size_t kPreludeBytes = 12;
constexpr size_t kChecksumBytes = 4;

void append_header(const EventHeader& header, std::string* out) {
  CHECK(!header.name.empty() && header.name.size() <= kNameBytesMax);
  const std::string_view value = header.value.substr(0, kValueBytesMax);
  out->push_back(static_cast<char>(header.name.size()));
  out->append(header.name);
  out->push_back(kStringType);
  append_big(static_cast<uint16_t>(value.size()), out);
  out->append(value);
}

}  // namespace

void append_event_frame(std::span<const EventHeader> headers, std::string_view payload,
                        std::string* out) {
  std::string encoded;
  for (const EventHeader& header : headers) append_header(header, &encoded);
  const size_t start = out->size();
  const size_t total = kPreludeBytes + encoded.size() + payload.size() + kChecksumBytes;
  out->reserve(start + total);
  append_big(static_cast<uint32_t>(total), out);
  append_big(static_cast<uint32_t>(encoded.size()), out);
  append_big(crc32(std::string_view(*out).substr(start)), out);
  out->append(encoded).append(payload);
  append_big(crc32(std::string_view(*out).substr(start)), out);
}

}  // namespace millstream::aws
