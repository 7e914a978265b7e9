#pragma once

#include <string>
#include <vector>

#include "services/cloudformation/difference.h"
#include "services/cloudformation/stack_values.h"

namespace millstream::cloudformation {

// What an operation will do to one resource.
struct PlannedChange {
  enum class Action { kAdd, kModify, kRemove };
  Action action;
  std::string name;
  std::string type;
  std::string physical_id;  // empty: it doesn't stand yet
  Difference difference;    // of kModify
  bool metadata_changed = false;
};

struct Plan {
  std::vector<PlannedChange> changes;  // in the order in which they will be made
  std::vector<StackOutput> outputs;    // as far as they are known
};

// Everything that a plan depends on.
struct PlanInput {
  const Template& parsed;
  const ParameterTexts& parameters;
  const StackAddress& address;
  const std::vector<ResourceDocument>& resources;  // of the stack as it stands; none for a new one
  const Exports& exports;
  const TypeRegistry& types;
};

// Works out what has to change, and refuses by name what can't be made: unknown resource types,
// properties that a type doesn't have or that aren't supported, attributes that a type doesn't
// give. The failure is kInvalidArgument. Nothing is changed.
Result<Plan> make_plan(const PlanInput& input);

// The capabilities that a template's resources need, of IAM alone: CAPABILITY_IAM or
// CAPABILITY_NAMED_IAM, or none; and the types that need it.
struct NeededCapability {
  std::string capability;
  std::vector<std::string> types;
};
NeededCapability needed_capability(const Template& parsed, const TypeRegistry& types);

}  // namespace millstream::cloudformation
