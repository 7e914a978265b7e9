#include "services/cloudformation/change_sets.h"

#include "services/cloudformation/answers.h"
#include "services/cloudformation/fields.h"

namespace millstream::cloudformation {
namespace {

std::string_view action_name(PlannedChange::Action action) {
  switch (action) {
    case PlannedChange::Action::kAdd:
      return "Add";
    case PlannedChange::Action::kModify:
      return "Modify";
    case PlannedChange::Action::kRemove:
      return "Remove";
  }
  return "";
}

std::string_view recreation(const PropertyDifference& property) {
  if (property.on_change != OnChange::kReplace) return "Never";
  return property.is_known ? "Always" : "Conditionally";
}

Value details_of(const PlannedChange& change) {
  Value details = Value::list();
  for (const PropertyDifference& property : change.difference.properties) {
    Value detail = Value::map();
    detail.set("attribute", Value("Properties"));
    detail.set("name", Value(property.name));
    detail.set("requires_recreation", Value(recreation(property)));
    detail.set("evaluation", Value(property.is_known ? "Static" : "Dynamic"));
    if (property.is_known) detail.set("change_source", Value("DirectModification"));
    details.as_list().push_back(std::move(detail));
  }
  if (change.metadata_changed) {
    Value detail = Value::map();
    detail.set("attribute", Value("Metadata"));
    detail.set("requires_recreation", Value("Never"));
    detail.set("evaluation", Value("Static"));
    detail.set("change_source", Value("DirectModification"));
    details.as_list().push_back(std::move(detail));
  }
  return details;
}

Value modification_of(const PlannedChange& change, Value value) {
  const Difference& difference = change.difference;
  value.set("replacement", Value(difference.replaces()      ? "True"
                                 : difference.may_replace() ? "Conditional"
                                                            : "False"));
  std::vector<std::string> scope;
  if (!difference.empty()) scope.push_back("Properties");
  if (change.metadata_changed) scope.push_back("Metadata");
  value.set("scope", from_texts(scope));
  value.set("details", details_of(change));
  return value;
}

api::ResourceChangeDetail to_detail(const Value& value) {
  api::ResourceTargetDefinition target;
  target.attribute = unless_empty(text_field(value, "attribute"));
  target.name = unless_empty(text_field(value, "name"));
  target.requires_recreation = unless_empty(text_field(value, "requires_recreation"));
  api::ResourceChangeDetail detail;
  detail.target = std::move(target);
  detail.evaluation = unless_empty(text_field(value, "evaluation"));
  detail.change_source = unless_empty(text_field(value, "change_source"));
  return detail;
}

}  // namespace

Value changes_of(const Plan& plan) {
  Value changes = Value::list();
  for (const PlannedChange& change : plan.changes) {
    Value value = Value::map();
    value.set("action", Value(action_name(change.action)));
    value.set("logical_id", Value(change.name));
    value.set("physical_id", Value(change.physical_id));
    value.set("type", Value(change.type));
    if (change.action == PlannedChange::Action::kModify) {
      value = modification_of(change, std::move(value));
    }
    changes.as_list().push_back(std::move(value));
  }
  return changes;
}

std::vector<api::Change> to_changes(const Value& changes) {
  std::vector<api::Change> list;
  for (const Value& value : changes.as_list()) {
    api::ResourceChange change;
    change.action = text_field(value, "action");
    change.logical_resource_id = text_field(value, "logical_id");
    change.physical_resource_id = unless_empty(text_field(value, "physical_id"));
    change.resource_type = text_field(value, "type");
    change.replacement = unless_empty(text_field(value, "replacement"));
    change.scope = texts_field(value, "scope");
    change.details.emplace();
    for (const Value& detail : list_field(value, "details")) {
      change.details->push_back(to_detail(detail));
    }
    list.push_back({.type = "Resource", .resource_change = std::move(change)});
  }
  return list;
}

io::Task<aws::Result<FoundChangeSet>> find_change_set(Service& service,
                                                      const aws::RequestContext& context,
                                                      std::string change_set,
                                                      std::optional<std::string> stack) {
  const ChangeSetName wanted = parse_change_set(change_set);
  if (!stack && wanted.unique.empty()) {
    co_return validation(
        "StackName must be specified if ChangeSetName is not specified as an ARN.");
  }
  std::vector<StackDocument> candidates;
  if (stack) {
    auto found = co_await find_stack(service, context, *stack, AbsentStack::kBracket);
    if (!found) co_return found.take_error();
    candidates.push_back(found.take());
  } else {
    auto stacks = co_await service.store().stacks(context.home, context.account, context.region);
    if (!stacks) co_return aws::Error(stacks.take_error());
    candidates = stacks.take();
  }
  for (StackDocument& candidate : candidates) {
    auto change_sets = co_await service.store().change_sets(context.home, candidate.address);
    if (!change_sets) co_return aws::Error(change_sets.take_error());
    for (ChangeSetDocument& document : *change_sets) {
      if (document.name != wanted.name) continue;
      if (!wanted.unique.empty() && document.unique != wanted.unique) continue;
      FoundChangeSet match{std::move(candidate), std::move(document)};
      co_return match;
    }
  }
  co_return errors::change_set_not_found_exception("ChangeSet [" + change_set + "] does not exist");
}

std::string id_of(const FoundChangeSet& found) {
  return change_set_id(found.stack.address, found.change_set.name, found.change_set.unique);
}

std::string execution_status(const StackDocument& stack, const ChangeSetDocument& change_set) {
  if (change_set.execution_status != "EXECUTE_IN_PROGRESS") return change_set.execution_status;
  const std::string id = change_set_id(stack.address, change_set.name, change_set.unique);
  if (stack.change_set_id == id && is_busy(stack.status)) return "EXECUTE_IN_PROGRESS";
  const bool is_done = stack.change_set_id != id || stack.status == "CREATE_COMPLETE" ||
                       stack.status == "UPDATE_COMPLETE";
  return is_done ? "EXECUTE_COMPLETE" : "EXECUTE_FAILED";
}

}  // namespace millstream::cloudformation
