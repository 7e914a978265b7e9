#include "services/cloudformation/template/template.h"

#include <algorithm>

#include "services/cloudformation/template/check.h"
#include "services/cloudformation/template/json.h"
#include "services/cloudformation/template/limits.h"
#include "services/cloudformation/template/sections.h"
#include "services/cloudformation/template/yaml.h"

namespace millstream::cloudformation {
namespace {

Result<Value> parse_document(std::string_view body) {
  const size_t first = body.find_first_not_of(" \t\r\n");
  if (first == body.npos) return template_error("Template format error: unsupported structure.");
  Result<Value> document = body[first] == '{' ? parse_json(body) : parse_yaml(body);
  if (document && !document->is_map()) {
    return template_error("Template format error: unsupported structure.");
  }
  return document;
}

Result<> refuse_nulls(const Value& value, const std::string& path) {
  if (value.is_null()) {
    return template_error("[" + path + "] 'null' values are not allowed in templates");
  }
  if (value.is_list()) {
    for (size_t i = 0; i < value.as_list().size(); ++i) {
      if (auto ok = refuse_nulls(value.as_list()[i], path + "/" + std::to_string(i)); !ok)
        return ok;
    }
  }
  if (value.is_map()) {
    for (const Member& member : value.as_map()) {
      if (auto ok = refuse_nulls(member.value, path + "/" + member.name); !ok) return ok;
    }
  }
  return {};
}

}  // namespace

Error template_error(std::string message) {
  return Error{ErrorCode::kInvalidArgument, std::move(message)};
}

const ParameterDeclaration* Template::parameter(std::string_view name) const {
  const auto found = std::find_if(parameters.begin(), parameters.end(),
                                  [name](const auto& parameter) { return parameter.name == name; });
  return found == parameters.end() ? nullptr : &*found;
}

const ResourceDeclaration* Template::resource(std::string_view name) const {
  const auto found = std::find_if(resources.begin(), resources.end(),
                                  [name](const auto& resource) { return resource.name == name; });
  return found == resources.end() ? nullptr : &*found;
}

Result<Template> parse_template(std::string_view body) {
  Result<Value> document = parse_document(body);
  if (!document) return document.take_error();
  if (auto ok = refuse_nulls(*document, ""); !ok) return ok.take_error();
  Result<Template> parsed = read_sections(*document);
  if (!parsed) return parsed;
  parsed->body = std::string(body);
  if (auto ok = check_template(*parsed); !ok) return ok.take_error();
  return parsed;
}

}  // namespace millstream::cloudformation
