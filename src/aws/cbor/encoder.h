#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace millstream::aws {

// CBOR's data items (RFC 8949), each in its shortest form. Of an array the elements follow, of a
// map its keys and values.
void append_cbor_integer(int64_t value, std::string* out);
void append_cbor_bytes(std::string_view bytes, std::string* out);
// UTF-8; bytes that aren't are replaced by U+FFFD.
void append_cbor_text(std::string_view text, std::string* out);
void append_cbor_array(uint64_t elements, std::string* out);
void append_cbor_map(uint64_t entries, std::string* out);
void append_cbor_boolean(bool value, std::string* out);
void append_cbor_null(std::string* out);
// In eight bytes, whatever fewer would do.
void append_cbor_double(double value, std::string* out);
// The tag that says that a number is a point in time.
void append_cbor_time_tag(std::string* out);

// What a JSON text says, as CBOR; nothing if it isn't JSON or nested more than 128 deep.
bool append_json_as_cbor(std::string_view json, std::string* out);

}  // namespace millstream::aws
