#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "services/cloudformation/template/value.h"

namespace millstream::cloudformation {

enum class PropertyKind {
  kText,
  kInteger,
  kBoolean,
  kDocument,  // any JSON, such as a policy
  kTextList,
  kTextMap,     // names to texts
  kObject,      // with `members`
  kObjectList,  // of objects with `members`
};

// What a change of the property does to a resource that stands.
enum class OnChange {
  kUpdate,   // modified in place
  kReplace,  // a new one is made and the old one deleted
  kRefuse,   // CloudFormation would modify it; Millstream can't yet
};

struct Property {
  std::string_view name;
  PropertyKind kind;
  OnChange on_change = OnChange::kUpdate;
  bool required = false;
  std::span<const Property> members = {};
};

// The properties that a resource type has.
struct Schema {
  std::span<const Property> properties;
  // Those that CloudFormation has as well, for a message that tells them from a misspelt one.
  std::span<const std::string_view> unsupported = {};

  [[nodiscard]] const Property* find(std::string_view name) const;
};

// Checks the properties of a resource against its type and gives them the types that the service's
// API wants (the text "2" becomes the number 2 and the other way round). Unknown values pass. The
// failure is kInvalidArgument and names the resource and the property.
Result<Value> check_properties(const std::string& resource, std::string_view type,
                               const Schema& schema, const Value& properties);

}  // namespace millstream::cloudformation
