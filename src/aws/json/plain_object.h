#pragma once

#include <simdjson.h>

#include <string_view>

namespace millstream::aws {

// What hand-tuned readers of requests have in common (docs/decisions/generated-api.md): they take
// the usual form and give up on every other, so a failure needs no reason.

// Calls `visit(name, value)` for each member in the order of the text; the name is valid within the
// call. False once `visit` says so, or for what is no object.
template <class Visit>
bool each_member(simdjson::ondemand::object object, const Visit& visit) {
  for (auto field : object) {
    std::string_view name;
    simdjson::ondemand::value value;
    if (field.unescaped_key().get(name) || field.value().get(value)) return false;
    if (!visit(name, value)) return false;
  }
  return true;
}
template <class Visit>
bool each_member(simdjson::ondemand::value json, const Visit& visit) {
  simdjson::ondemand::object object;
  return !json.get_object().get(object) && each_member(object, visit);
}

// The same for a body that is one object and nothing behind it. `body` is followed by 64 readable
// bytes.
template <class Visit>
bool each_member_of_body(std::string_view body, const Visit& visit) {
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document document;
  simdjson::ondemand::object object;
  if (parser.iterate(body, body.size() + simdjson::SIMDJSON_PADDING).get(document) ||
      document.get_object().get(object)) {
    return false;
  }
  const char* rest = nullptr;
  return each_member(object, visit) && document.current_location().get(rest);  // nothing is left
}

}  // namespace millstream::aws
