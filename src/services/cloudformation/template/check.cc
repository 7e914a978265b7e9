#include "services/cloudformation/template/check.h"

#include <algorithm>
#include <map>
#include <set>

#include "services/cloudformation/template/dependencies.h"
#include "services/cloudformation/template/functions.h"
#include "services/cloudformation/template/references.h"

namespace millstream::cloudformation {
namespace {

bool is_parameter(const Template& parsed, std::string_view name) {
  return is_pseudo_parameter(name) || parsed.parameter(name) != nullptr;
}

std::string join_names(const std::set<std::string>& names) {
  std::string joined;
  for (const std::string& name : names) joined += (joined.empty() ? "" : ", ") + name;
  return joined;
}

// Checks the references of one section's values and gathers the names that stand for nothing.
class ReferenceCheck {
 public:
  ReferenceCheck(const Template& parsed, std::string_view section)
      : parsed_(parsed), section_(section) {}

  Result<> value(const Value& value) {
    return visit_references(value, false,
                            [this](const Reference& reference) { return check(reference); });
  }
  Result<> condition(const std::string& name) const {
    if (name.empty() || parsed_.conditions.find(name)) return {};
    return template_error("Template format error: Unresolved condition dependency " + name +
                          " in the " + std::string(section_) + " block of the template");
  }
  void resource(const std::string& name) {
    if (!parsed_.resource(name)) unresolved_.insert(name);
  }
  Result<> finish() const {
    if (unresolved_.empty()) return {};
    return template_error("Template format error: Unresolved resource dependencies [" +
                          join_names(unresolved_) + "] in the " + std::string(section_) +
                          " block of the template");
  }

 private:
  Result<> check(const Reference& reference) {
    const bool is_resource = parsed_.resource(reference.name) != nullptr;
    switch (reference.kind) {
      case Reference::Kind::kRef:
      case Reference::Kind::kSubVariable:
        if (!is_resource && !is_parameter(parsed_, reference.name)) {
          unresolved_.insert(reference.name);
        }
        return {};
      case Reference::Kind::kAttribute:
        if (is_resource) return {};
        return template_error(
            "Template error: instance of Fn::GetAtt references undefined resource " +
            reference.name);
      case Reference::Kind::kSubAttribute:
        if (is_resource) return {};
        return template_error(
            "Template error: instance of Fn::Sub references invalid resource "
            "attribute " +
            reference.name + "." + reference.attribute);
      case Reference::Kind::kIfCondition:
      case Reference::Kind::kCondition:
        if (parsed_.conditions.find(reference.name)) return {};
        return template_error("Template error: unresolved condition dependency " + reference.name +
                              " in Fn::If");
    }
    return {};
  }

  const Template& parsed_;
  const std::string_view section_;
  std::set<std::string> unresolved_;
};

Result<> check_condition(const Template& parsed, const Member& condition,
                         std::set<std::string>* uses) {
  const auto function = as_function(condition.value, true);
  const bool is_condition_function =
      function &&
      (function->name == "Condition" || function->name == "Fn::Equals" ||
       function->name == "Fn::And" || function->name == "Fn::Or" || function->name == "Fn::Not");
  if (!is_condition_function) {
    return template_error(
        "Template format error: Every Conditions member must be a condition "
        "function: " +
        condition.name);
  }
  return visit_references(condition.value, true, [&](const Reference& reference) -> Result<> {
    if (reference.kind == Reference::Kind::kCondition ||
        reference.kind == Reference::Kind::kIfCondition) {
      uses->insert(reference.name);
      if (parsed.conditions.find(reference.name)) return {};
      return template_error("Template format error: Unresolved condition dependency " +
                            reference.name + " in the Conditions block of the template");
    }
    if (is_parameter(parsed, reference.name)) return {};
    return template_error("Template format error: Unresolved dependencies [" + reference.name +
                          "]. Cannot reference resources in the Conditions block of the template");
  });
}

Result<> check_conditions(const Template& parsed) {
  std::map<std::string, std::set<std::string>> uses;
  for (const Member& condition : parsed.conditions.as_map()) {
    if (auto ok = check_condition(parsed, condition, &uses[condition.name]); !ok) return ok;
  }
  const std::set<std::string> circle = names_in_circles(uses);
  if (circle.empty()) return {};
  return template_error("Template error: Circular dependency between conditions: [" +
                        join_names(circle) + "]");
}

Result<> check_resources(const Template& parsed) {
  ReferenceCheck check(parsed, "Resources");
  for (const ResourceDeclaration& resource : parsed.resources) {
    if (auto ok = check.condition(resource.condition); !ok) return ok;
    if (auto ok = check.value(resource.properties); !ok) return ok;
    for (const std::string& name : resource.depends_on) check.resource(name);
  }
  if (auto ok = check.finish(); !ok) return ok;
  const std::set<std::string> circle = names_in_circles(dependencies(parsed));
  if (circle.empty()) return {};
  return template_error("Circular dependency between resources: [" + join_names(circle) + "]");
}

Result<> check_outputs(const Template& parsed) {
  ReferenceCheck check(parsed, "Outputs");
  for (const OutputDeclaration& output : parsed.outputs) {
    if (auto ok = check.condition(output.condition); !ok) return ok;
    if (auto ok = check.value(output.value); !ok) return ok;
    if (auto ok = check.value(output.export_name); !ok) return ok;
  }
  return check.finish();
}

Result<> check_mappings(const Template& parsed) {
  for (const Member& mapping : parsed.mappings.as_map()) {
    const bool holds = mapping.value.is_map() &&
                       std::all_of(mapping.value.as_map().begin(), mapping.value.as_map().end(),
                                   [](const Member& key) { return key.value.is_map(); });
    if (holds) continue;
    return template_error(
        "Template format error: Every Mappings attribute must be a String or a "
        "List. [/Mappings/" +
        mapping.name + "]");
  }
  return {};
}

}  // namespace

Result<> check_template(const Template& parsed) {
  if (auto ok = check_mappings(parsed); !ok) return ok;
  if (auto ok = check_conditions(parsed); !ok) return ok;
  for (const ResourceDeclaration& resource : parsed.resources) {
    if (parsed.parameter(resource.name)) {
      return template_error("Template format error: Resource name " + resource.name +
                            " is the name of a parameter, too.");
    }
  }
  if (auto ok = check_resources(parsed); !ok) return ok;
  return check_outputs(parsed);
}

}  // namespace millstream::cloudformation
