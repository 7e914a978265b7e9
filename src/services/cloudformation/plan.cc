#include "services/cloudformation/plan.h"

#include <algorithm>

#include "services/cloudformation/template/dependencies.h"

namespace millstream::cloudformation {
namespace {

const ResourceDocument* find_document(const std::vector<ResourceDocument>& documents,
                                      const std::string& name) {
  const auto found =
      std::find_if(documents.begin(), documents.end(),
                   [&name](const ResourceDocument& document) { return document.name == name; });
  return found == documents.end() ? nullptr : &*found;
}

Result<> check_types(const PlanInput& input) {
  std::string unknown;
  std::string changed;
  for (const ResourceDeclaration& resource : input.parsed.resources) {
    if (!input.types.find(resource.type)) {
      if (unknown.find(resource.type) != unknown.npos) continue;
      unknown += (unknown.empty() ? "" : ", ") + resource.type;
    }
    const ResourceDocument* document = find_document(input.resources, resource.name);
    if (document && document->current && document->type != resource.type) {
      changed += (changed.empty() ? "" : ", ") + resource.name;
    }
  }
  if (!unknown.empty()) {
    return template_error("Template format error: Unrecognized resource types: [" + unknown + "]");
  }
  if (!changed.empty()) {
    return template_error(
        "Update of resource type is not permitted. The new template modifies "
        "resource type of the following resources: [" +
        changed + "]");
  }
  return {};
}

class Planner {
 public:
  explicit Planner(const PlanInput& input)
      : input_(input),
        values_(input.parsed, input.types, input.exports),
        pseudo_parameters_(pseudo_parameters(input.address)),
        evaluator_(input.parsed, input.parameters, pseudo_parameters_, values_) {}

  Result<Plan> make() {
    auto active = active_resources(input_.parsed, evaluator_);
    if (!active) return active.take_error();
    values_.active.insert(active->begin(), active->end());
    for (const std::string& name : in_order(*active, dependencies(input_.parsed))) {
      if (auto ok = add(*input_.parsed.resource(name)); !ok) return ok.take_error();
    }
    add_removals();
    auto outputs = evaluate_outputs(input_.parsed, evaluator_);
    if (!outputs) return outputs.take_error();
    plan_.outputs = outputs.take();
    return std::move(plan_);
  }

 private:
  Result<> add(const ResourceDeclaration& declaration) {
    const ResourceType& type = *input_.types.find(declaration.type);
    auto properties = resource_properties(declaration, type, evaluator_);
    if (!properties) return properties.take_error();
    const ResourceDocument* document = find_document(input_.resources, declaration.name);
    if (!document || !document->current) {
      plan_.changes.push_back({.action = PlannedChange::Action::kAdd,
                               .name = declaration.name,
                               .type = declaration.type});
      return {};
    }
    return modify(declaration, type.description(), *document, *properties);
  }

  Result<> modify(const ResourceDeclaration& declaration, const TypeDescription& type,
                  const ResourceDocument& document, const Value& properties) {
    const PhysicalResource& current = *document.current;
    PlannedChange change{.action = PlannedChange::Action::kModify,
                         .name = declaration.name,
                         .type = declaration.type,
                         .physical_id = current.id,
                         .difference = compare(type, current.properties, properties)};
    change.metadata_changed = !(declaration.metadata == document.metadata);
    const std::string refusal =
        why_not(declaration.name, type, change.difference, current.properties, properties);
    if (!refusal.empty()) return template_error(refusal);
    if (!change.difference.may_replace()) values_.standing[declaration.name] = current;
    if (!change.difference.empty() || change.metadata_changed) {
      plan_.changes.push_back(std::move(change));
    }
    return {};
  }

  void add_removals() {
    for (const ResourceDocument& document : input_.resources) {
      if (!document.current || values_.active.count(document.name)) continue;
      plan_.changes.push_back({.action = PlannedChange::Action::kRemove,
                               .name = document.name,
                               .type = document.type,
                               .physical_id = document.current->id});
    }
  }

  const PlanInput& input_;
  StandingValues values_;
  const PseudoParameters pseudo_parameters_;
  Evaluator evaluator_;
  Plan plan_;
};

}  // namespace

Result<Plan> make_plan(const PlanInput& input) {
  if (auto ok = check_types(input); !ok) return ok.take_error();
  return Planner(input).make();
}

NeededCapability needed_capability(const Template& parsed, const TypeRegistry& types) {
  NeededCapability needed;
  for (const ResourceDeclaration& resource : parsed.resources) {
    const ResourceType* type = types.find(resource.type);
    if (!type || !type->description().is_iam) continue;
    const std::string_view name_property = type->description().name_property;
    const bool is_named = !name_property.empty() && resource.properties.find(name_property);
    if (is_named || needed.capability.empty()) {
      needed.capability = is_named ? "CAPABILITY_NAMED_IAM" : "CAPABILITY_IAM";
    }
    if (std::find(needed.types.begin(), needed.types.end(), resource.type) == needed.types.end()) {
      needed.types.push_back(resource.type);
    }
  }
  return needed;
}

}  // namespace millstream::cloudformation
