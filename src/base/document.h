#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/json_text.h"
#include "base/result.h"

namespace millstream {

// Documents as they are stored: a JSON object with a version, "v": 1. A structure names its fields
// once, for both ways, in its own namespace:
//
//   template <class Fields>
//   void each_field(Fields& fields, typename Fields::template Of<Session>& session) {
//     fields("account", session.account);
//     ...
//   }
//
// A field is text, a flag, an integer, such a structure, or a vector, a map by text or an optional
// of those, or a set of texts. A structure is an object in the document, or an array if it has
// each_element in place of each_field, which gives values without names. An optional without a
// value is left out (of an array at its end only), and so is an empty container that is given to `unless_empty`; all else must be
// there when it is read.

// Writes fields into a document's text. Bytes that aren't UTF-8 become U+FFFD.
class DocumentWriter {
 public:
  template <class T>
  using Of = const T;

  // Appends to `out`, which outlives it.
  explicit DocumentWriter(std::string* out) : out_(*out) {}

  template <class T>
  void operator()(std::string_view name, const T& value) {
    begin(name);
    append(value);
  }
  template <class T>
  void operator()(std::string_view name, const std::optional<T>& value) {
    if (value) (*this)(name, *value);
  }
  template <class T>
  void unless_empty(std::string_view name, const T& container) {
    if (!container.empty()) (*this)(name, container);
  }
  template <class T>
  void operator()(const T& element) {
    if (out_.back() != '[') out_ += ',';
    append(element);
  }
  template <class T>
  void operator()(const std::optional<T>& last_element) {
    if (last_element) (*this)(*last_element);
  }

 private:
  void begin(std::string_view name) {
    if (out_.back() != '{') out_ += ',';
    append_json_string(name, &out_);
    out_ += ':';
  }
  void append(const std::string& text) { append_json_string(text, &out_); }
  void append(bool flag) { out_ += flag ? "true" : "false"; }
  template <std::integral T>
  void append(const T& number) {
    out_ += std::to_string(number);
  }
  template <class T>
  void append(const std::vector<T>& values) {
    append_array(values);
  }
  void append(const std::set<std::string>& texts) { append_array(texts); }
  template <class Values>
  void append_array(const Values& values) {
    out_ += '[';
    for (const auto& value : values) (*this)(value);
    out_ += ']';
  }
  template <class T>
  void append(const std::map<std::string, T>& values) {
    out_ += '{';
    for (const auto& [name, value] : values) (*this)(name, value);
    out_ += '}';
  }
  template <class Structure>
  void append(const Structure& structure) {
    if constexpr (requires { each_element(*this, structure); }) {
      out_ += '[';
      each_element(*this, structure);
      out_ += ']';
    } else {
      out_ += '{';
      each_field(*this, structure);
      out_ += '}';
    }
  }

  std::string& out_;
};

// Reads fields of a parsed object or array, and keeps what was wrong first.
class DocumentReader {
 public:
  template <class T>
  using Of = T;

  // Both outlive it.
  DocumentReader(const nlohmann::json& container, std::string* problem)
      : container_(container), problem_(*problem) {}

  template <class T>
  void operator()(std::string_view name, T& value) {
    take(name, find(name), value);
  }
  template <class T>
  void operator()(std::string_view name, std::optional<T>& value) {
    if (find(name) != nullptr) (*this)(name, value.emplace());
  }
  template <class T>
  void unless_empty(std::string_view name, T& container) {
    if (find(name) != nullptr) (*this)(name, container);
  }
  template <class T>
  void operator()(T& element) {
    const size_t index = next_element_++;
    take(std::to_string(index), find(index), element);
  }
  template <class T>
  void operator()(std::optional<T>& last_element) {
    if (find(next_element_) != nullptr) (*this)(last_element.emplace());
  }

 private:
  using Visit = std::function<bool(const std::string& name, const nlohmann::json& value)>;

  // nullptr if there is none.
  [[nodiscard]] const nlohmann::json* find(std::string_view name) const;
  [[nodiscard]] const nlohmann::json* find(size_t index) const;
  template <class T>
  void take(std::string_view name, const nlohmann::json* found, T& value) {
    if (found == nullptr) {
      fail(name, "isn't there");
    } else if (!read(*found, value)) {
      fail(name, "is of another kind");
    }
  }
  void fail(std::string_view name, std::string_view how);

  static bool read(const nlohmann::json& json, std::string& text);
  static bool read(const nlohmann::json& json, bool& flag);
  static bool read(const nlohmann::json& json, int64_t& number);
  static bool read(const nlohmann::json& json, uint64_t& number);
  template <std::integral T>
  static bool read(const nlohmann::json& json, T& number) {
    std::conditional_t<std::is_signed_v<T>, int64_t, uint64_t> wide = 0;
    if (!read(json, wide)) return false;
    number = static_cast<T>(wide);
    return true;
  }
  template <class T>
  bool read(const nlohmann::json& json, std::vector<T>& values) {
    return is_array(json) && visit(json, [&](const std::string&, const nlohmann::json& element) {
             return read(element, values.emplace_back());
           });
  }
  template <class T>
  bool read(const nlohmann::json& json, std::map<std::string, T>& values) {
    return is_object(json) &&
           visit(json, [&](const std::string& name, const nlohmann::json& value) {
             return read(value, values[name]);
           });
  }
  bool read(const nlohmann::json& json, std::set<std::string>& texts) {
    std::vector<std::string> listed;
    if (!read(json, listed)) return false;
    texts.insert(listed.begin(), listed.end());
    return true;
  }
  template <class Structure>
  bool read(const nlohmann::json& json, Structure& structure) {
    DocumentReader inside(json, &problem_);
    if constexpr (requires { each_element(inside, structure); }) {
      if (!is_array(json)) return false;
      each_element(inside, structure);
    } else {
      if (!is_object(json)) return false;
      each_field(inside, structure);
    }
    return true;
  }
  static bool is_array(const nlohmann::json& json);
  static bool is_object(const nlohmann::json& json);
  // Every element or member, until `each` gives false; that is given then.
  static bool visit(const nlohmann::json& json, const Visit& each);

  const nlohmann::json& container_;
  size_t next_element_ = 0;
  std::string& problem_;
};

// Parses a document and lets `read` read it. Fails with kCorruption, and with kUnsupported on a
// version that isn't known here; `what` names the document in the message ("stream document").
Result<> read_document(std::string_view text, std::string_view what,
                       const std::function<void(DocumentReader&)>& read);

template <class Structure>
Result<Structure> parse_document(std::string_view text, std::string_view what) {
  Structure structure;
  Result<> done =
      read_document(text, what, [&](DocumentReader& fields) { each_field(fields, structure); });
  if (!done) return done.take_error();
  return structure;
}

template <class Structure>
std::string write_document(const Structure& structure) {
  std::string text = R"({"v":1)";
  DocumentWriter fields(&text);
  each_field(fields, structure);
  return text + '}';
}

}  // namespace millstream
