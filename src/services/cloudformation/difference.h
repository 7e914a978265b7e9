#pragma once

#include <string>
#include <vector>

#include "services/cloudformation/resources/type.h"

namespace millstream::cloudformation {

struct PropertyDifference {
  std::string name;
  OnChange on_change;
  bool is_known;  // false: the new value depends on a resource that doesn't stand yet
};

// What stands between a resource and its new properties.
struct Difference {
  std::vector<PropertyDifference> properties;

  [[nodiscard]] bool empty() const { return properties.empty(); }
  // Whether a new resource must be made: for certain, or depending on what isn't known yet.
  [[nodiscard]] bool replaces() const;
  [[nodiscard]] bool may_replace() const;
  // The first property that can't be changed; nullptr if all can.
  [[nodiscard]] const PropertyDifference* refused() const;
};

Difference compare(const TypeDescription& type, const Value& before, const Value& after);

// Why a change isn't made: a property that Millstream can't modify, or a replacement that would
// need the name which the old resource has. Empty when it can be made.
std::string why_not(const std::string& resource, const TypeDescription& type,
                    const Difference& difference, const Value& before, const Value& after);

}  // namespace millstream::cloudformation
