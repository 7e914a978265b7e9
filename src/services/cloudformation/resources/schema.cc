#include "services/cloudformation/resources/schema.h"

#include <algorithm>

#include "services/cloudformation/template/template.h"

namespace millstream::cloudformation {
namespace {

// Where a failure is: the resource, its type and the path inside its properties ("#/Code/ZipFile").
struct Place {
  const std::string& resource;
  std::string_view type;
  std::string path;

  [[nodiscard]] Place below(std::string_view name) const {
    return {resource, type, path + "/" + std::string(name)};
  }
  [[nodiscard]] Error error(const std::string& message) const {
    return template_error("Properties validation failed for resource " + resource +
                          " with message:\n" + path + ": " + message);
  }
};

Result<Value> check_object(const Place& place, std::span<const Property> members,
                           std::span<const std::string_view> unsupported, const Value& value);

Result<Value> check_text(const Place& place, const Value& value) {
  if (const auto text = value.text()) return Value(*text);
  return place.error("expected type: String, found: " +
                     std::string(value.is_list() ? "JSONArray" : "JSONObject"));
}

Result<Value> check_integer(const Place& place, const Value& value) {
  if (const auto integer = value.as_integer()) return Value::integer(*integer);
  return place.error("expected type: Integer, found: " + value.text().value_or("an object"));
}

Result<Value> check_boolean(const Place& place, const Value& value) {
  if (value.is_bool()) return value;
  const auto text = value.text();
  if (text == "true") return Value::boolean(true);
  if (text == "false") return Value::boolean(false);
  return place.error("expected type: Boolean, found: " + text.value_or("an object"));
}

// A single element stands for a list of it, as CloudFormation takes it.
Result<Value> check_list(const Place& place, const Property& property, const Value& value) {
  const Value::List single{value};
  const Value::List& elements = value.is_list() ? value.as_list() : single;
  Value::List checked;
  for (size_t i = 0; i < elements.size(); ++i) {
    const Place element_place = place.below(std::to_string(i));
    if (elements[i].is_unknown()) {
      checked.push_back(elements[i]);
      continue;
    }
    auto element = property.kind == PropertyKind::kTextList
                       ? check_text(element_place, elements[i])
                       : check_object(element_place, property.members, {}, elements[i]);
    if (!element) return element;
    checked.push_back(element.take());
  }
  return Value(std::move(checked));
}

Result<Value> check_text_map(const Place& place, const Value& value) {
  if (!value.is_map()) return place.error("expected type: JSONObject");
  Value checked = Value::map();
  for (const Member& member : value.as_map()) {
    if (member.value.is_unknown()) {
      checked.set(member.name, member.value);
      continue;
    }
    auto text = check_text(place.below(member.name), member.value);
    if (!text) return text;
    checked.set(member.name, text.take());
  }
  return checked;
}

Result<Value> check_value(const Place& place, const Property& property, const Value& value) {
  if (value.is_unknown()) return value;
  switch (property.kind) {
    case PropertyKind::kText:
      return check_text(place, value);
    case PropertyKind::kInteger:
      return check_integer(place, value);
    case PropertyKind::kBoolean:
      return check_boolean(place, value);
    case PropertyKind::kDocument:
      return value;
    case PropertyKind::kTextList:
    case PropertyKind::kObjectList:
      return check_list(place, property, value);
    case PropertyKind::kTextMap:
      return check_text_map(place, value);
    case PropertyKind::kObject:
      return check_object(place, property.members, {}, value);
  }
  return value;
}

const Property* find_property(std::span<const Property> properties, std::string_view name) {
  const auto found =
      std::find_if(properties.begin(), properties.end(),
                   [name](const Property& property) { return property.name == name; });
  return found == properties.end() ? nullptr : &*found;
}

Result<Value> check_object(const Place& place, std::span<const Property> members,
                           std::span<const std::string_view> unsupported, const Value& value) {
  if (!value.is_map()) return place.error("expected type: JSONObject");
  Value checked = Value::map();
  for (const Member& member : value.as_map()) {
    if (std::find(unsupported.begin(), unsupported.end(), member.name) != unsupported.end()) {
      return template_error("Property " + member.name + " of resource " + place.resource + " (" +
                            std::string(place.type) +
                            ") is not supported by Millstream yet. See docs/compatibility.md.");
    }
    const Property* property = find_property(members, member.name);
    if (!property) return place.error("extraneous key [" + member.name + "] is not permitted");
    auto inner = check_value(place.below(member.name), *property, member.value);
    if (!inner) return inner;
    checked.set(member.name, inner.take());
  }
  for (const Property& property : members) {
    if (property.required && !checked.find(property.name)) {
      return place.error("required key [" + std::string(property.name) + "] not found");
    }
  }
  return checked;
}

}  // namespace

const Property* Schema::find(std::string_view name) const {
  return find_property(properties, name);
}

Result<Value> check_properties(const std::string& resource, std::string_view type,
                               const Schema& schema, const Value& properties) {
  return check_object(Place{resource, type, "#"}, schema.properties, schema.unsupported,
                      properties);
}

}  // namespace millstream::cloudformation
