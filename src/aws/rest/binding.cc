#include "aws/rest/binding.h"

#include <algorithm>

#include "aws/model/text.h"
#include "base/base64.h"
#include "base/utf8.h"

namespace millstream::aws {

namespace {

using model::Kind;
using model::Location;
using model::Member;
using model::Path;
using model::TimestampFormat;
using model::Type;

Error wrong_text(const Member& member, std::string_view text) {
  return serialization_error("'" + std::string(text) + "' isn't a valid value of " +
                             std::string(member.wire_name) + ".");
}

Result<> read_text(const Member& member, const std::string& text, void* value) {
  if (!is_utf8(text) || !model::parse_text(*member.type, text, value)) {
    return wrong_text(member, text);
  }
  return {};
}

std::optional<std::string> copy_of(const std::string* text) {
  return text ? std::optional<std::string>(*text) : std::nullopt;
}

std::optional<std::string> find_text(const RestRequest& request, const Member& member) {
  switch (member.location) {
    case Location::kUri:
      return copy_of(find_field(request.labels, member.wire_name));
    case Location::kQueryString:
      return copy_of(find_field(request.query, member.wire_name));
    case Location::kHeader:
      if (const auto value = request.headers.find(member.wire_name)) return std::string(*value);
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

// "TagKeys=a&TagKeys=b".
Result<> read_list(const RestRequest& request, const Member& member, void* structure) {
  const Type& type = *member.type;
  void* list = nullptr;
  for (const auto& [name, text] : request.query) {
    if (name != member.wire_name) continue;
    if (!list) list = member.make(structure);
    if (!model::parse_text(*type.element, text, type.list->append(list))) {
      return wrong_text(member, text);
    }
  }
  return {};
}

Result<> read_member(const RestRequest& request, const Member& member, void* structure,
                     const Path& path, model::MissingMembers* missing) {
  if (member.type->kind == Kind::kList) return read_list(request, member, structure);
  const std::optional<std::string> text = find_text(request, member);
  if (text) return read_text(member, *text, member.make(structure));
  if (member.required) missing->add(path);
  return {};
}

void write_header_prefix(const Member& member, const void* value, http::Response* response) {
  struct Visit {
    std::string_view prefix;
    http::Response* response;
  } visit{member.wire_name, response};
  member.type->map->visit(value, &visit, [](void* state, const std::string& key, const void* text) {
    auto* visit = static_cast<Visit*>(state);
    visit->response->headers.add(std::string(visit->prefix) + key,
                                 *static_cast<const std::string*>(text));
  });
}

void write_header(const Member& member, const void* value, http::Response* response) {
  std::string text;
  const TimestampFormat format =
      model::timestamp_format(member.timestamp, *member.type, TimestampFormat::kRfc822);
  model::append_text(*member.type, value, format, &text);
  response->headers.add(member.wire_name, text);
}

}  // namespace

Result<> read_rest_members(const RestRequest& request, const Type& type, void* value,
                           model::MissingMembers* missing) {
  for (const Member& member : type.members) {
    if (member.location == Location::kBody || member.location == Location::kStatusCode ||
        member.location == Location::kHeaderPrefix) {
      continue;
    }
    const Path path{nullptr, Path::Step::kMember, member.name};
    Result<> read = read_member(request, member, value, path, missing);
    if (!read) return read;
  }
  return {};
}

void write_rest_members(const Type& type, const void* value, http::Response* response) {
  for (const Member& member : type.members) {
    const void* at = member.get(value);
    if (!at) continue;
    if (member.location == Location::kStatusCode) {
      response->status = *static_cast<const int32_t*>(at);
    } else if (member.location == Location::kHeader) {
      write_header(member, at, response);
    } else if (member.location == Location::kHeaderPrefix) {
      write_header_prefix(member, at, response);
    }
  }
}

bool has_body_members(const Type& type) {
  return !type.by_name.empty();
}

}  // namespace millstream::aws
