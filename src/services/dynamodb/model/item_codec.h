#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "services/dynamodb/model/value.h"

namespace millstream::dynamodb {

// An item's bytes in the state (docs/formats/state/dynamodb.md, "Item"): a version byte, then the
// attributes. Reading gives back an equal item; kCorruption for anything that encode_item didn't
// write.
void append_item(const Item& item, std::string* out);
std::string encode_item(const Item& item);
Result<Item> decode_item(std::string_view bytes);

// The bytes of a key attribute that sort as DynamoDB sorts it: the raw bytes of S and B, the
// ordered form of N. `value` is one of the three.
void append_key_bytes(const Value& value, std::string* out);

}  // namespace millstream::dynamodb
