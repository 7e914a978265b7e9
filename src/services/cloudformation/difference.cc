#include "services/cloudformation/difference.h"

#include <algorithm>

namespace millstream::cloudformation {
namespace {

bool same(const Value* left, const Value* right) {
  if (!left || !right) return left == right;
  return *left == *right;
}

}  // namespace

bool Difference::replaces() const {
  return std::any_of(properties.begin(), properties.end(), [](const PropertyDifference& property) {
    return property.on_change == OnChange::kReplace && property.is_known;
  });
}

bool Difference::may_replace() const {
  return std::any_of(properties.begin(), properties.end(), [](const PropertyDifference& property) {
    return property.on_change == OnChange::kReplace;
  });
}

const PropertyDifference* Difference::refused() const {
  const auto found =
      std::find_if(properties.begin(), properties.end(), [](const PropertyDifference& property) {
        return property.on_change == OnChange::kRefuse && property.is_known;
      });
  return found == properties.end() ? nullptr : &*found;
}

Difference compare(const TypeDescription& type, const Value& before, const Value& after) {
  Difference difference;
  for (const Property& property : type.schema.properties) {
    const Value* old_value = before.find(property.name);
    const Value* new_value = after.find(property.name);
    if (same(old_value, new_value)) continue;
    difference.properties.push_back({std::string(property.name), property.on_change,
                                     new_value == nullptr || !new_value->has_unknown()});
  }
  return difference;
}

std::string why_not(const std::string& resource, const TypeDescription& type,
                    const Difference& difference, const Value& before, const Value& after) {
  if (!difference.replaces()) {
    const PropertyDifference* refused = difference.refused();
    if (!refused) return {};
    return "Property " + refused->name + " of resource " + resource + " (" +
           std::string(type.name) +
           ") can't be changed by Millstream yet. See docs/compatibility.md.";
  }
  const Value* old_name = before.find(type.name_property);
  if (!old_name || !same(old_name, after.find(type.name_property))) return {};
  return "CloudFormation cannot update a stack when a custom-named resource requires replacing. "
         "Rename " +
         old_name->text().value_or("") + " and update the stack again.";
}

}  // namespace millstream::cloudformation
