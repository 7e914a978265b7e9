#pragma once

#include <string>
#include <vector>

#include "services/cloudformation/requests.h"

namespace millstream::cloudformation {

// A plan's changes in the form in which a change set keeps them.
Value changes_of(const Plan& plan);
// Those as DescribeChangeSet gives them.
std::vector<api::Change> to_changes(const Value& changes);

// The change set that a request names (by identifier, or by name and stack) and its stack. Fails
// with ChangeSetNotFoundException, or as find_stack does.
struct FoundChangeSet {
  StackDocument stack;
  ChangeSetDocument change_set;
};
io::Task<aws::Result<FoundChangeSet>> find_change_set(Service& service,
                                                      const aws::RequestContext& context,
                                                      std::string change_set,
                                                      std::optional<std::string> stack);

std::string id_of(const FoundChangeSet& found);
// What ExecutionStatus says: an execution under way ends with its stack's operation.
std::string execution_status(const StackDocument& stack, const ChangeSetDocument& change_set);

}  // namespace millstream::cloudformation
