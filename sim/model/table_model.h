#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "sim/model/item_model.h"
#include "sim/model/resource.h"

namespace millstream::sim {

// An item's key: its partition, and its place there.
using ItemKey = std::pair<std::string, int64_t>;

// A table: what each of its items may be.
struct TableModel : Resource {
  using Resource::Resource;

  std::map<ItemKey, ItemModel> items;
  std::map<ItemKey, std::string> last_texts;  // as clients saw them last, for conditions

  void process_died() {
    undecided = false;
    for (auto& [key, item] : items) item.process_died();
  }
};

}  // namespace millstream::sim
