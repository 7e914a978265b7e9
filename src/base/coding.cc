#include "base/coding.h"

namespace millstream {

void append_varint(uint64_t value, std::string* out) {
  while (value >= 0x80) {
    out->push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out->push_back(static_cast<char>(value));
}

void append_prefixed(std::string_view bytes, std::string* out) {
  append_varint(bytes.size(), out);
  out->append(bytes);
}

std::optional<uint64_t> ByteReader::varint() {
  uint64_t value = 0;
  for (size_t i = 0; i < bytes_.size() && i < 10; ++i) {
    const auto byte = static_cast<unsigned char>(bytes_[i]);
    if (i == 9 && byte > 1) return std::nullopt;
    value |= static_cast<uint64_t>(byte & 0x7f) << (7 * i);
    if ((byte & 0x80) == 0) {
      bytes_.remove_prefix(i + 1);
      return value;
    }
  }
  return std::nullopt;
}

std::optional<std::string_view> ByteReader::take(size_t size) {
  if (size > bytes_.size()) return std::nullopt;
  const std::string_view taken = bytes_.substr(0, size);
  bytes_.remove_prefix(size);
  return taken;
}

std::optional<std::string_view> ByteReader::prefixed() {
  const std::string_view before = bytes_;
  const auto size = varint();
  if (size) {
    if (auto taken = take(*size)) return taken;
  }
  bytes_ = before;
  return std::nullopt;
}

}  // namespace millstream
