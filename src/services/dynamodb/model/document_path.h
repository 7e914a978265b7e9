#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "services/dynamodb/model/value.h"

namespace millstream::dynamodb {

// One step of a document path: an attribute or map entry by name, or a list element by index.
struct PathStep {
  static constexpr int64_t kNoIndex = -1;
  static constexpr int64_t kIndexOutOfRange = int64_t{1}
                                              << 40;  // as written; `name` has the digits

  std::string name;
  int64_t index = kNoIndex;
  bool placeholder = false;  // before it was resolved: `name` is a #placeholder

  [[nodiscard]] bool is_index() const { return index != kNoIndex; }
  friend bool operator==(const PathStep& left, const PathStep& right) {
    return left.index == right.index && left.name == right.name;
  }
};

// The way to a value inside an item: an attribute name, then map entries and list elements.
using DocumentPath = std::vector<PathStep>;

inline constexpr size_t kPathStepsMax = 32;

// As AWS's messages show it: "[a, b, [1]]".
std::string path_text(const DocumentPath& path);

// The value at `path`, or nullptr. The item is unchanged and keeps owning it.
const Value* find_value(const Item& item, const DocumentPath& path);
// The list or map that the path's last step is in, for a path of two or more steps; nullptr when it
// isn't there or isn't of the kind that the last step needs.
Value* find_parent(Item& item, const DocumentPath& path);

// AWS's message for the first two paths of which one is within the other, or which take the same
// attribute for a list and for a map; nothing if there are none.
std::optional<std::string> find_overlap(const std::vector<const DocumentPath*>& paths);

// Only what the paths name, in the shape that it has in the item: the elements of a list close up.
Item project(const Item& item, const std::vector<DocumentPath>& paths);

}  // namespace millstream::dynamodb
