#pragma once

#include <span>

#include "services/cloudformation/resources/schema.h"

namespace millstream::cloudformation {

// The members of an element of a resource's Tags.
inline constexpr Property kTagMembers[] = {
    {.name = "Key", .kind = PropertyKind::kText, .required = true},
    {.name = "Value", .kind = PropertyKind::kText, .required = true}};

// [{Key, Value}, ...] as {key: value, ...}, as many services want it.
inline Value tag_map(const Value& tags) {
  Value map = Value::map();
  for (const Value& tag : tags.as_list()) {
    map.set(tag.find("Key")->as_string(), *tag.find("Value"));
  }
  return map;
}

}  // namespace millstream::cloudformation
