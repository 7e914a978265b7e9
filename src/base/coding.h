#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace millstream {

// Fixed-width and variable-width integers in byte strings, for what is written to disk.
// Little-endian for fields; big-endian for keys, so that byte order is numeric order.

template <class Integer>
void store_little(Integer value, char* at) {
  for (size_t i = 0; i < sizeof value; ++i) {
    at[i] = static_cast<char>(static_cast<uint64_t>(value) >> (8 * i));
  }
}

template <class Integer>
void store_big(Integer value, char* at) {
  for (size_t i = 0; i < sizeof value; ++i) {
    at[i] = static_cast<char>(static_cast<uint64_t>(value) >> (8 * (sizeof value - 1 - i)));
  }
}

template <class Integer>
void append_little(Integer value, std::string* out) {
  char bytes[sizeof value];
  store_little(value, bytes);
  out->append(bytes, sizeof bytes);
}

template <class Integer>
void append_big(Integer value, std::string* out) {
  char bytes[sizeof value];
  store_big(value, bytes);
  out->append(bytes, sizeof bytes);
}

template <class Integer>
Integer load_little(const char* at) {
  uint64_t value = 0;
  for (size_t i = 0; i < sizeof(Integer); ++i) {
    value |= static_cast<uint64_t>(static_cast<unsigned char>(at[i])) << (8 * i);
  }
  return static_cast<Integer>(value);
}

template <class Integer>
Integer load_big(const char* at) {
  uint64_t value = 0;
  for (size_t i = 0; i < sizeof(Integer); ++i) {
    value = value << 8 | static_cast<unsigned char>(at[i]);
  }
  return static_cast<Integer>(value);
}

// LEB128: seven bits a byte, the lowest first; at most ten bytes.
void append_varint(uint64_t value, std::string* out);
void append_prefixed(std::string_view bytes, std::string* out);  // varint length, then the bytes

// Takes fields off the front of a byte string. Every read says whether the bytes were there; after
// a failed read the reader stands where it stood. Doesn't own the bytes.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  [[nodiscard]] std::optional<uint64_t> varint();
  [[nodiscard]] std::optional<std::string_view> prefixed();
  [[nodiscard]] std::optional<std::string_view> take(size_t size);
  template <class Integer>
  [[nodiscard]] std::optional<Integer> little() {
    const auto bytes = take(sizeof(Integer));
    if (!bytes) return std::nullopt;
    return load_little<Integer>(bytes->data());
  }
  template <class Integer>
  [[nodiscard]] std::optional<Integer> big() {
    const auto bytes = take(sizeof(Integer));
    if (!bytes) return std::nullopt;
    return load_big<Integer>(bytes->data());
  }
  [[nodiscard]] std::string_view rest() const { return bytes_; }
  [[nodiscard]] bool empty() const { return bytes_.empty(); }

 private:
  std::string_view bytes_;
};

}  // namespace millstream
