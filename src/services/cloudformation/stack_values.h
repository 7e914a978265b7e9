#pragma once

#include <map>
#include <set>
#include <string>

#include "services/cloudformation/resources/registry.h"
#include "services/cloudformation/stack_store.h"
#include "services/cloudformation/template/evaluate.h"

namespace millstream::cloudformation {

// Answers a template's references from the resources that stand. A resource of the template whose
// condition holds but that doesn't stand yet is unknown. Not synchronised; what it is given
// outlives it.
class StandingValues final : public StackValues {
 public:
  StandingValues(const Template& parsed, const TypeRegistry& types, const Exports& exports)
      : parsed_(parsed), types_(types), exports_(exports) {}

  // The resources whose conditions hold. Only these may be referred to.
  std::set<std::string> active;
  // Those of them that stand.
  std::map<std::string, PhysicalResource> standing;
  // The exports of other stacks that were asked for.
  std::set<std::string> imports;

  Result<Value> reference(const std::string& resource) override;
  Result<Value> attribute(const std::string& resource, const std::string& attribute) override;
  Result<Value> import_value(const std::string& export_name) override;

 private:
  [[nodiscard]] Result<> check_active(const std::string& resource) const;

  const Template& parsed_;
  const TypeRegistry& types_;
  const Exports& exports_;
};

// The names of the resources whose conditions hold, as the template has them.
Result<std::vector<std::string>> active_resources(const Template& parsed, Evaluator& evaluator);

// A resource's properties without functions and checked against its type.
Result<Value> resource_properties(const ResourceDeclaration& declaration, const ResourceType& type,
                                  Evaluator& evaluator);

// The template's outputs, those whose conditions hold. An output that isn't known yet has an empty
// value.
Result<std::vector<StackOutput>> evaluate_outputs(const Template& parsed, Evaluator& evaluator);

PseudoParameters pseudo_parameters(const StackAddress& address);

}  // namespace millstream::cloudformation
