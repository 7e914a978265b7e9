#include "services/cloudformation/stack_values.h"

#include <algorithm>

#include "services/cloudformation/template/template.h"

namespace millstream::cloudformation {

Result<> StandingValues::check_active(const std::string& resource) const {
  if (active.count(resource)) return {};
  return template_error("Template format error: Unresolved resource dependencies [" + resource +
                        "] in the Resources block of the template");
}

Result<Value> StandingValues::reference(const std::string& resource) {
  if (auto ok = check_active(resource); !ok) return ok.take_error();
  const auto found = standing.find(resource);
  if (found == standing.end()) return Value::unknown();
  return Value(found->second.id);
}

Result<Value> StandingValues::attribute(const std::string& resource, const std::string& attribute) {
  if (auto ok = check_active(resource); !ok) return ok.take_error();
  const ResourceDeclaration* declaration = parsed_.resource(resource);
  const ResourceType* type = declaration ? types_.find(declaration->type) : nullptr;
  const auto attributes =
      type ? type->description().attributes : std::span<const std::string_view>();
  if (std::find(attributes.begin(), attributes.end(), attribute) == attributes.end()) {
    return template_error("Template error: resource " + resource +
                          " does not support attribute type " + attribute + " in Fn::GetAtt");
  }
  const auto found = standing.find(resource);
  if (found == standing.end()) return Value::unknown();
  const Value* value = found->second.attributes.find(attribute);
  if (!value) {
    return template_error("Template error: resource " + resource + " has no attribute " +
                          attribute);
  }
  return *value;
}

Result<Value> StandingValues::import_value(const std::string& export_name) {
  imports.insert(export_name);
  const auto found = exports_.find(export_name);
  if (found == exports_.end()) {
    return template_error("No export named " + export_name + " found.");
  }
  return Value(found->second.value);
}

Result<std::vector<std::string>> active_resources(const Template& parsed, Evaluator& evaluator) {
  std::vector<std::string> names;
  for (const ResourceDeclaration& resource : parsed.resources) {
    auto holds = evaluator.condition(resource.condition);
    if (!holds) return holds.take_error();
    if (*holds) names.push_back(resource.name);
  }
  return names;
}

Result<Value> resource_properties(const ResourceDeclaration& declaration, const ResourceType& type,
                                  Evaluator& evaluator) {
  auto evaluated = evaluator.evaluate(declaration.properties);
  if (!evaluated) return evaluated;
  if (!evaluated->is_map()) {
    return template_error("Template format error: [/Resources/" + declaration.name +
                          "/Properties] Any Properties member must be an object.");
  }
  auto checked = check_properties(declaration.name, type.description().name,
                                  type.description().schema, *evaluated);
  if (!checked) return checked;
  if (auto ok = type.check(declaration.name, *checked); !ok) return ok.take_error();
  return checked;
}

Result<std::vector<StackOutput>> evaluate_outputs(const Template& parsed, Evaluator& evaluator) {
  std::vector<StackOutput> outputs;
  for (const OutputDeclaration& declaration : parsed.outputs) {
    auto holds = evaluator.condition(declaration.condition);
    if (!holds) return holds.take_error();
    if (!*holds) continue;
    auto value = evaluator.evaluate(declaration.value);
    if (!value) return value.take_error();
    auto export_name = evaluator.evaluate(declaration.export_name);
    if (!export_name) return export_name.take_error();
    if (!value->is_scalar() && !value->is_unknown()) {
      return template_error(
          "Template format error: The Value field of every Outputs member must "
          "evaluate to a String.");
    }
    outputs.push_back({declaration.name, value->text().value_or(""), declaration.description,
                       export_name->text().value_or("")});
  }
  return outputs;
}

PseudoParameters pseudo_parameters(const StackAddress& address) {
  return {address.account, address.region, address.name, stack_id(address), {}};
}

}  // namespace millstream::cloudformation
