#include "aws/json/reader.h"

#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "aws/json/number.h"
#include "aws/model/members.h"
#include "aws/model/type_errors.h"
#include "aws/model/types.h"
#include "base/base64.h"
#include "base/time_text.h"

namespace millstream::aws {

namespace {

namespace ondemand = simdjson::ondemand;
using model::Kind;
using model::Member;
using model::Path;
using model::Type;

Error not_json() {
  return serialization_error("");
}

std::string_view trimmed(std::string_view token) {
  const size_t end = token.find_last_not_of(" \t\r\n");
  return end == token.npos ? std::string_view() : token.substr(0, end + 1);
}

Result<FoundKind> found_type(ondemand::value& json) {
  ondemand::json_type type;
  if (json.type().get(type)) return not_json();
  switch (type) {
    case ondemand::json_type::object:
      return FoundKind::kObject;
    case ondemand::json_type::array:
      return FoundKind::kArray;
    case ondemand::json_type::string:
      return FoundKind::kString;
    case ondemand::json_type::number:
      return json_is_decimal(trimmed(json.raw_json_token())) ? FoundKind::kDecimal
                                                             : FoundKind::kNumber;
    case ondemand::json_type::boolean: {
      bool value = false;
      if (json.get_bool().get(value)) return not_json();
      return value ? FoundKind::kTrue : FoundKind::kFalse;
    }
    default:
      return not_json();
  }
}

class Reader {
 public:
  Reader(const JsonReadOptions& options, model::MissingMembers* missing)
      : options_(options), missing_(missing) {}

  Result<> structure(ondemand::value json, const Type& type, void* value, const Path* path) {
    ondemand::object object;
    if (const auto code = json.get_object().get(object)) return mismatch(code, json, type);
    model::FoundMembers found(type);
    for (auto field : object) {
      std::string_view name;
      if (field.unescaped_key().get(name)) return not_json();
      ondemand::value child;
      if (field.value().get(child)) return not_json();
      const Member* member = find(type, name);
      if (!member) continue;
      const Path at{path, Path::Step::kMember, member->name};
      bool present = false;
      Result<> read = member_value(child, *member, value, at, &present);
      if (!read) return read;
      if (present) found.add(*member);
    }
    found.add_missing(options_.model_names, path, missing_);
    return {};
  }

 private:
  const Member* find(const Type& type, std::string_view name) const {
    if (options_.model_names) {
      const auto member = std::find_if(type.members.begin(), type.members.end(),
                                       [&](const Member& each) { return each.name == name; });
      return member == type.members.end() ? nullptr : &*member;
    }
    return model::find_body_member(type, name);
  }

  Result<> member_value(ondemand::value& json, const Member& member, void* structure,
                        const Path& path, bool* present) {
    bool null = false;
    if (json.is_null().get(null)) return not_json();
    if (null) return {};
    *present = true;
    void* at = member.make(structure);
    if (!member.optional && member.type->reset) member.type->reset(at);
    return this->value(json, *member.type, at, path);
  }

  Result<> value(ondemand::value& json, const Type& type, void* value, const Path& path) {
    switch (type.kind) {
      case Kind::kString:
        return string(json, type, static_cast<std::string*>(value));
      case Kind::kBlob:
        return blob(json, type, static_cast<std::string*>(value));
      case Kind::kBoolean:
        return boolean(json, type, static_cast<bool*>(value));
      case Kind::kInteger:
        return integer(json, type, static_cast<int32_t*>(value));
      case Kind::kLong:
        return integer(json, type, static_cast<int64_t*>(value));
      case Kind::kDouble:
        return decimal(json, type, static_cast<double*>(value));
      case Kind::kTimestamp:
        return timestamp(json, type, static_cast<Timestamp*>(value));
      case Kind::kCustom:
        return type.custom->read(&json, value);
      default:
        return nested(json, type, value, path);
    }
  }

  Result<> nested(ondemand::value& json, const Type& type, void* value, const Path& path) {
    if (++depth_ > kJsonDepthMax) return serialization_error("The input is nested too deeply.");
    Result<> read = type.kind == Kind::kList  ? list(json, type, value, path)
                    : type.kind == Kind::kMap ? map(json, type, value, path)
                                              : structure(json, type, value, &path);
    --depth_;
    return read;
  }

  Result<> list(ondemand::value& json, const Type& type, void* value, const Path& path) {
    ondemand::array array;
    if (const auto code = json.get_array().get(array)) return mismatch(code, json, type);
    size_t index = 0;
    for (auto element : array) {
      ondemand::value child;
      if (element.get(child)) return not_json();
      const Path at{&path, Path::Step::kElement, {}, index++};
      Result<> read = contained(child, *type.element, type.list->append(value), at);
      if (!read) return read;
    }
    return {};
  }

  Result<> map(ondemand::value& json, const Type& type, void* value, const Path& path) {
    ondemand::object object;
    if (const auto code = json.get_object().get(object)) return mismatch(code, json, type);
    for (auto field : object) {
      std::string_view key;
      if (field.unescaped_key().get(key)) return not_json();
      ondemand::value child;
      if (field.value().get(child)) return not_json();
      const Path at{&path, Path::Step::kValue, key};
      Result<> read = contained(child, *type.element, type.map->assign(value, key), at);
      if (!read) return read;
    }
    return {};
  }

  Result<> contained(ondemand::value& json, const Type& type, void* value, const Path& path) {
    bool null = false;
    if (json.is_null().get(null)) return not_json();
    if (null) {
      missing_->add(path);
      return {};
    }
    return this->value(json, type, value, path);
  }

  Result<> string(ondemand::value& json, const Type& type, std::string* out) {
    std::string_view text;
    if (const auto code = json.get_string().get(text)) return mismatch(code, json, type);
    out->assign(text);
    return {};
  }

  // Base64 without an escape, as every client but some PHP ones sends it, is decoded where it
  // stands.
  Result<> blob(ondemand::value& json, const Type& type, std::string* out) {
    std::string_view text = trimmed(json.raw_json_token());
    const bool plain = text.size() >= 2 && text.front() == '"' && text.back() == '"' &&
                       text.find('\\') == text.npos;
    if (plain) {
      text = text.substr(1, text.size() - 2);
    } else if (const auto code = json.get_string().get(text)) {
      return mismatch(code, json, type);
    }
    out->resize(base64_decoded_size_max(text.size()));
    const auto size = base64_decode_into(text, out->data());
    if (!size) return wrong_base64(text);
    out->resize(*size);
    return {};
  }

  Result<> boolean(ondemand::value& json, const Type& type, bool* out) {
    if (const auto code = json.get_bool().get(*out)) return mismatch(code, json, type);
    return {};
  }

  template <class Integer>
  Result<> integer(ondemand::value& json, const Type& type, Integer* out) {
    using Limits = std::numeric_limits<Integer>;
    const auto number = json_integer(trimmed(json.raw_json_token()), Limits::min(), Limits::max());
    if (!number) return mismatch(simdjson::INCORRECT_TYPE, json, type);
    *out = static_cast<Integer>(*number);
    return {};
  }

  Result<> decimal(ondemand::value& json, const Type& type, double* out) {
    const auto number = json_double(trimmed(json.raw_json_token()));
    if (!number) return mismatch(simdjson::INCORRECT_TYPE, json, type);
    *out = *number;
    return {};
  }

  // Seconds, with a fraction perhaps; ISO 8601 is taken too, as AWS does.
  Result<> timestamp(ondemand::value& json, const Type& type, Timestamp* out) {
    if (const auto seconds = json_double(trimmed(json.raw_json_token()))) {
      constexpr double kSecondsMax = 9e15;
      out->ms = std::llround(std::clamp(*seconds, -kSecondsMax, kSecondsMax) * 1000);
      return {};
    }
    std::string_view text;
    if (const auto code = json.get_string().get(text)) return mismatch(code, json, type);
    const auto ms = parse_iso8601_ms(text);
    if (!ms) return wrong_type(FoundKind::kString, type, options_.java_type_names);
    out->ms = *ms;
    return {};
  }

  Result<> mismatch(simdjson::error_code code, ondemand::value& json, const Type& type) {
    if (code != simdjson::INCORRECT_TYPE) return not_json();
    Result<FoundKind> found = found_type(json);
    if (!found) return found.take_error();
    const bool expected = (*found == FoundKind::kNumber || *found == FoundKind::kDecimal) &&
                          (type.kind == Kind::kInteger || type.kind == Kind::kLong ||
                           type.kind == Kind::kDouble || type.kind == Kind::kTimestamp);
    if (expected) return not_json();  // what begins like a number and isn't one
    return wrong_type(*found, type, options_.java_type_names);
  }

  const JsonReadOptions& options_;
  model::MissingMembers* missing_;
  size_t depth_ = 0;
};

Result<> read_document(ondemand::parser& parser, std::string_view text, const Type& type,
                       Reader& reader, void* value) {
  ondemand::document document;
  if (parser.iterate(text.data(), text.size(), text.size() + kJsonPadding).get(document)) {
    return not_json();
  }
  ondemand::value root;
  if (document.get_value().get(root)) return not_json();
  Result<> read = reader.structure(root, type, value, nullptr);
  if (!read) return read;
  const char* rest = nullptr;
  const bool more = !document.current_location().get(rest);
  return more ? Result<>(not_json()) : Result<>();
}

// A parser keeps its buffers for the next request of its thread, unless they grew beyond this.
constexpr size_t kKeptCapacityMax = 4u << 20;

}  // namespace

Result<> read_json_object(std::string_view text, const Type& type, const JsonReadOptions& options,
                          void* value, model::MissingMembers* missing) {
  Reader reader(options, missing);
  if (text.size() > kKeptCapacityMax) {
    ondemand::parser parser;
    return read_document(parser, text, type, reader, value);
  }
  thread_local ondemand::parser parser;
  return read_document(parser, text, type, reader, value);
}

}  // namespace millstream::aws
