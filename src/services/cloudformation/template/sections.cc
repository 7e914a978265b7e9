#include "services/cloudformation/template/sections.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "services/cloudformation/template/limits.h"

namespace millstream::cloudformation {
namespace {

constexpr std::array<std::string_view, 10> kSections = {"AWSTemplateFormatVersion",
                                                        "Description",
                                                        "Metadata",
                                                        "Parameters",
                                                        "Mappings",
                                                        "Conditions",
                                                        "Resources",
                                                        "Outputs",
                                                        "Transform",
                                                        "Rules"};
constexpr std::array<std::string_view, 10> kResourceMembers = {
    "Type",           "Properties",          "Metadata",       "DependsOn",    "Condition",
    "DeletionPolicy", "UpdateReplacePolicy", "CreationPolicy", "UpdatePolicy", "Description"};

bool is_alphanumeric(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c));
  });
}

Result<> check_members(const Value& document) {
  std::string unknown;
  for (const Member& member : document.as_map()) {
    if (std::find(kSections.begin(), kSections.end(), member.name) == kSections.end()) {
      unknown += (unknown.empty() ? "" : ", ") + member.name;
    }
  }
  if (!unknown.empty()) {
    return template_error("Invalid template property or properties [" + unknown + "]");
  }
  if (const Value* transform = document.find("Transform")) {
    std::string names = transform->text().value_or("");
    if (transform->is_list()) {
      for (const Value& name : transform->as_list()) {
        names += (names.empty() ? "" : ", ") + name.text().value_or("(an object)");
      }
    }
    return template_error("Template format error: transform [" + names +
                          "] is not supported by Millstream");
  }
  if (document.find("Rules")) {
    return template_error("Template format error: section Rules is not supported by Millstream");
  }
  return {};
}

// A section that is a map of at most `entries_max` entries whose names are alphanumeric.
Result<const Value*> section(const Value& document, std::string_view name, size_t entries_max,
                             std::string_view entry_kind) {
  static const Value kEmpty = Value::map();
  const Value* found = document.find(name);
  if (!found) return &kEmpty;
  if (!found->is_map()) {
    return template_error("Template format error: " + std::string(name) +
                          " section must be an object.");
  }
  if (found->as_map().size() > entries_max) {
    return template_error("Template format error: Number of " + std::string(name) + ", " +
                          std::to_string(found->as_map().size()) +
                          ", is greater than maximum allowed, " + std::to_string(entries_max));
  }
  for (const Member& member : found->as_map()) {
    if (member.name.starts_with("Fn::ForEach")) {
      return template_error("Template format error: " + member.name +
                            " needs the transform AWS::LanguageExtensions, which is not supported "
                            "by Millstream");
    }
    if (!is_alphanumeric(member.name)) {
      return template_error("Template format error: " + std::string(entry_kind) + " name " +
                            member.name + " is non alphanumeric.");
    }
  }
  return found;
}

Result<std::string> text_of(const Value& owner, std::string_view member, const std::string& path) {
  const Value* value = owner.find(member);
  if (!value) return std::string();
  if (!value->is_scalar()) {
    return template_error("Template format error: [" + path + "/" + std::string(member) +
                          "] must be a string");
  }
  return *value->text();
}

Result<> read_policies(const Value& declaration, const std::string& path,
                       ResourceDeclaration* resource) {
  auto deletion = text_of(declaration, "DeletionPolicy", path);
  if (!deletion) return deletion.take_error();
  auto replace = text_of(declaration, "UpdateReplacePolicy", path);
  if (!replace) return replace.take_error();
  for (const std::string* policy : {&*deletion, &*replace}) {
    const bool is_known = policy->empty() || *policy == "Delete" || *policy == "Retain" ||
                          (*policy == "RetainExceptOnCreate" && policy == &*deletion);
    if (is_known) continue;
    return template_error(
        "Template format error: Unrecognized " +
        std::string(policy == &*deletion ? "DeletionPolicy " : "UpdateReplacePolicy ") + *policy +
        " for resource " + resource->name);
  }
  resource->deletion_policy = deletion.take();
  resource->update_replace_policy = replace.take();
  return {};
}

Result<> read_depends_on(const Value& declaration, const std::string& path,
                         ResourceDeclaration* resource) {
  const Value* depends_on = declaration.find("DependsOn");
  if (!depends_on) return {};
  if (depends_on->is_string()) {
    resource->depends_on.push_back(depends_on->as_string());
    return {};
  }
  const bool are_names = depends_on->is_list() &&
                         std::all_of(depends_on->as_list().begin(), depends_on->as_list().end(),
                                     [](const Value& name) { return name.is_string(); });
  if (!are_names) {
    return template_error("Template format error: [" + path +
                          "] Every DependsOn value must be a string.");
  }
  for (const Value& name : depends_on->as_list()) resource->depends_on.push_back(name.as_string());
  return {};
}

Result<> check_resource_members(const Value& declaration, const std::string& path) {
  if (!declaration.is_map()) {
    return template_error("Template format error: [" + path +
                          "] Any Resources member must be an object.");
  }
  for (const Member& member : declaration.as_map()) {
    if (std::find(kResourceMembers.begin(), kResourceMembers.end(), member.name) ==
        kResourceMembers.end()) {
      return template_error("Invalid template resource property '" + member.name + "'");
    }
    if (member.name == "CreationPolicy" || member.name == "UpdatePolicy") {
      return template_error("Template format error: [" + path + "] " + member.name +
                            " is not supported by Millstream");
    }
  }
  const Value* type = declaration.find("Type");
  if (!type || !type->is_string()) {
    return template_error("Template format error: [" + path +
                          "] Every Resources object must contain a Type member.");
  }
  const Value* properties = declaration.find("Properties");
  if (properties && !properties->is_map()) {
    return template_error("Template format error: [" + path +
                          "/Properties] Any Properties member must be an object.");
  }
  return {};
}

Result<ResourceDeclaration> read_resource(const std::string& name, const Value& declaration) {
  const std::string path = "/Resources/" + name;
  if (auto ok = check_resource_members(declaration, path); !ok) return ok.take_error();
  ResourceDeclaration resource;
  resource.name = name;
  resource.type = declaration.find("Type")->as_string();
  if (const Value* properties = declaration.find("Properties")) resource.properties = *properties;
  if (const Value* metadata = declaration.find("Metadata")) resource.metadata = *metadata;
  auto condition = text_of(declaration, "Condition", path);
  if (!condition) return condition.take_error();
  resource.condition = condition.take();
  if (auto ok = read_depends_on(declaration, path, &resource); !ok) return ok.take_error();
  if (auto ok = read_policies(declaration, path, &resource); !ok) return ok.take_error();
  return resource;
}

Result<OutputDeclaration> read_output(const std::string& name, const Value& declaration) {
  const std::string path = "/Outputs/" + name;
  if (!declaration.is_map() || !declaration.find("Value")) {
    return template_error("Template format error: [" + path +
                          "] Every Outputs member must contain a Value object");
  }
  for (const Member& member : declaration.as_map()) {
    if (member.name != "Value" && member.name != "Description" && member.name != "Condition" &&
        member.name != "Export") {
      return template_error("Invalid template output property '" + member.name + "'");
    }
  }
  OutputDeclaration output;
  output.name = name;
  output.value = *declaration.find("Value");
  auto description = text_of(declaration, "Description", path);
  if (!description) return description.take_error();
  output.description = description.take();
  auto condition = text_of(declaration, "Condition", path);
  if (!condition) return condition.take_error();
  output.condition = condition.take();
  if (const Value* exported = declaration.find("Export")) {
    if (!exported->is_map() || exported->as_map().size() != 1 || !exported->find("Name")) {
      return template_error("Template format error: Output " + name +
                            " is malformed. The Export field must contain only Name.");
    }
    output.export_name = *exported->find("Name");
  }
  return output;
}

Result<> read_header(const Value& document, Template* parsed) {
  auto version = text_of(document, "AWSTemplateFormatVersion", "");
  if (!version) return version.take_error();
  if (!version->empty() && *version != "2010-09-09") {
    return template_error("Template format error: " + *version +
                          " is not a supported value for "
                          "AWSTemplateFormatVersion.");
  }
  parsed->version = version.take();
  const Value* description = document.find("Description");
  if (description && !description->is_scalar()) {
    return template_error("Template format error: Description must be a string.");
  }
  if (description) parsed->description = *description->text();
  if (parsed->description.size() > kDescriptionBytesMax) {
    return template_error("Template format error: 'Description' length is greater than 1024.");
  }
  if (const Value* metadata = document.find("Metadata")) parsed->metadata = *metadata;
  return {};
}

Result<> read_entries(const Value& document, Template* parsed) {
  auto resources = section(document, "Resources", kResourcesMax, "Resource");
  if (!resources) return resources.take_error();
  if ((*resources)->as_map().empty()) {
    return template_error("Template format error: At least one Resources member must be defined.");
  }
  for (const Member& member : (*resources)->as_map()) {
    auto resource = read_resource(member.name, member.value);
    if (!resource) return resource.take_error();
    parsed->resources.push_back(resource.take());
  }
  auto outputs = section(document, "Outputs", kOutputsMax, "Output");
  if (!outputs) return outputs.take_error();
  for (const Member& member : (*outputs)->as_map()) {
    auto output = read_output(member.name, member.value);
    if (!output) return output.take_error();
    parsed->outputs.push_back(output.take());
  }
  return {};
}

}  // namespace

Result<Template> read_sections(const Value& document) {
  if (auto ok = check_members(document); !ok) return ok.take_error();
  Template parsed;
  if (auto ok = read_header(document, &parsed); !ok) return ok.take_error();
  auto parameters = section(document, "Parameters", kParametersMax, "Parameter");
  if (!parameters) return parameters.take_error();
  auto declared = read_parameters(**parameters);
  if (!declared) return declared.take_error();
  parsed.parameters = declared.take();
  auto mappings = section(document, "Mappings", kMappingsMax, "Mapping");
  if (!mappings) return mappings.take_error();
  parsed.mappings = **mappings;
  auto conditions = section(document, "Conditions", kResourcesMax, "Condition");
  if (!conditions) return conditions.take_error();
  parsed.conditions = **conditions;
  if (auto ok = read_entries(document, &parsed); !ok) return ok.take_error();
  return parsed;
}

}  // namespace millstream::cloudformation
