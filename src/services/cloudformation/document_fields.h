#pragma once

#include <concepts>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/cloudformation/fields.h"

namespace millstream::cloudformation {

// A stored structure names its fields once, for both ways:
//
//   template <class Fields>
//   void each_field(Fields& fields, typename Fields::template Of<Operation>& operation) {
//     fields("id", operation.id);
//     ...
//   }
//
// A field is text, a flag, an integer, a Value, texts, pairs of texts, such a structure, or an
// optional or a vector of structures. What is absent, or of another kind, reads as it was made.

// Adds fields to `document`, which outlives it.
class FieldWriter {
 public:
  template <class T>
  using Of = const T;

  explicit FieldWriter(Value* document) : document_(*document) {}

  void operator()(std::string_view name, const std::string& text) { put(name, Value(text)); }
  void operator()(std::string_view name, bool flag) { put(name, Value::boolean(flag)); }
  template <std::integral T>
  void operator()(std::string_view name, const T& number) {
    put(name, Value::integer(static_cast<long long>(number)));
  }
  void operator()(std::string_view name, const Value& value) { put(name, value); }
  void operator()(std::string_view name, const std::vector<std::string>& texts) {
    put(name, from_texts(texts));
  }
  void operator()(std::string_view name, const std::map<std::string, std::string>& texts) {
    Value value = Value::map();
    for (const auto& [key, text] : texts) value.set(key, Value(text));
    put(name, std::move(value));
  }
  void operator()(std::string_view name,
                  const std::vector<std::pair<std::string, std::string>>& pairs) {
    Value list = Value::list();
    for (const auto& [key, value] : pairs) {
      list.as_list().push_back(Value(Value::List{Value(key), Value(value)}));
    }
    put(name, std::move(list));
  }
  template <class Structure>
  void operator()(std::string_view name, const Structure& structure) {
    put(name, made(structure));
  }
  template <class Structure>
  void operator()(std::string_view name, const std::optional<Structure>& structure) {
    if (structure) put(name, made(*structure));
  }
  template <class Structure>
  void operator()(std::string_view name, const std::vector<Structure>& structures) {
    Value list = Value::list();
    for (const Structure& structure : structures) list.as_list().push_back(made(structure));
    put(name, std::move(list));
  }

 private:
  template <class Structure>
  static Value made(const Structure& structure) {
    Value value = Value::map();
    FieldWriter fields(&value);
    each_field(fields, structure);
    return value;
  }
  void put(std::string_view name, Value value) { document_.set(name, std::move(value)); }

  Value& document_;
};

// Reads fields of `document`, which outlives it.
class FieldReader {
 public:
  template <class T>
  using Of = T;

  explicit FieldReader(const Value& document) : document_(document) {}

  void operator()(std::string_view name, std::string& text) const {
    text = text_field(document_, name);
  }
  void operator()(std::string_view name, bool& flag) const { flag = bool_field(document_, name); }
  template <std::integral T>
  void operator()(std::string_view name, T& number) const {
    number = static_cast<T>(integer_field(document_, name));
  }
  void operator()(std::string_view name, Value& value) const {
    if (const Value* found = document_.find(name)) value = *found;
  }
  void operator()(std::string_view name, std::vector<std::string>& texts) const {
    texts = texts_field(document_, name);
  }
  void operator()(std::string_view name, std::map<std::string, std::string>& texts) const {
    const Value* found = document_.find(name);
    if (!found || !found->is_map()) return;
    for (const Member& member : found->as_map()) {
      texts[member.name] = member.value.text().value_or("");
    }
  }
  void operator()(std::string_view name,
                  std::vector<std::pair<std::string, std::string>>& pairs) const {
    for (const Value& pair : list_field(document_, name)) {
      if (!pair.is_list() || pair.as_list().size() != 2) continue;
      pairs.emplace_back(pair.as_list()[0].text().value_or(""),
                         pair.as_list()[1].text().value_or(""));
    }
  }
  template <class Structure>
  void operator()(std::string_view name, Structure& structure) const {
    if (const Value* found = document_.find(name)) read(*found, &structure);
  }
  template <class Structure>
  void operator()(std::string_view name, std::optional<Structure>& structure) const {
    if (const Value* found = document_.find(name)) read(*found, &structure.emplace());
  }
  template <class Structure>
  void operator()(std::string_view name, std::vector<Structure>& structures) const {
    for (const Value& each : list_field(document_, name)) read(each, &structures.emplace_back());
  }

 private:
  template <class Structure>
  static void read(const Value& value, Structure* structure) {
    FieldReader fields(value);
    each_field(fields, *structure);
  }

  const Value& document_;
};

// The fields of `structure` behind those that `document` has, as JSON.
template <class Structure>
std::string write_fields(Value document, const Structure& structure) {
  FieldWriter fields(&document);
  each_field(fields, structure);
  return write_json(document);
}

template <class Structure>
Structure read_fields(const Value& document) {
  Structure structure;
  FieldReader fields(document);
  each_field(fields, structure);
  return structure;
}

}  // namespace millstream::cloudformation
