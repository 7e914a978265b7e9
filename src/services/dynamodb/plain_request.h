#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "services/dynamodb/plain_item.h"

namespace millstream::dynamodb {

// GetItem and PutItem in the form that SDKs send when nothing special is asked for: a table, a key
// or an item, and maybe a condition without placeholders. Read without the generated codec.
struct PlainRequest {
  std::string table_name;
  PlainItem item;  // GetItem: the key
  bool consistent_read = false;
  std::optional<std::string> condition;  // ConditionExpression, unread
};

// Both give nothing for a body of any other form, right or wrong; the generated codec then says
// what it is. `body` is followed by 64 readable bytes.
std::optional<PlainRequest> read_plain_get_item(std::string_view body);
std::optional<PlainRequest> read_plain_put_item(std::string_view body);

}  // namespace millstream::dynamodb
