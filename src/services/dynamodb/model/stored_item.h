#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.h"

namespace millstream::dynamodb {

// What can be told of an item's bytes in the state (item_codec.h) without making an Item of them.
// kCorruption for anything that decode_item would refuse.

// item_size of the item.
Result<size_t> stored_item_size(std::string_view item);

}  // namespace millstream::dynamodb
