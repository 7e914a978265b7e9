#include <algorithm>

#include "services/cloudformation/difference.h"
#include "services/cloudformation/engine/stack_run.h"
#include "services/cloudformation/template/dependencies.h"

namespace millstream::cloudformation {
namespace {

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

// Why a new resource can't be made: something stands in its place, or its service can't tell. Empty
// when nothing is in the way.
io::Task<std::string> find_clash(ServiceCaller caller, const ResourceType& type,
                                 const PendingCall& call) {
  const TypeDescription& description = type.description();
  Value named = with_name(description, call.target.properties, call.target.id);
  auto clash = co_await type.find(caller, std::move(named));
  if (!clash) co_return handler_message(clash.error(), call.token);
  if (!*clash) co_return std::string();
  const aws::Error exists("AlreadyExists", 400,
                          "Resource of type '" + std::string(description.name) +
                              "' with identifier '" + **clash + "' already exists.");
  co_return handler_message(exists, call.token);
}

}  // namespace

io::Task<> StackRun::deploy() {
  StandingValues values(*template_, parts_.types, exports_);
  const PseudoParameters pseudo = pseudo_parameters(address_);
  Evaluator evaluator(*template_, stack_.settings.parameters, pseudo, values);
  values.active = active_now();
  std::vector<std::string> active;
  for (const ResourceDeclaration& resource : template_->resources) {
    if (values.active.count(resource.name)) active.push_back(resource.name);
  }
  for (const std::string& name : in_order(active, dependencies(*template_))) {
    const bool is_late =
        stack_.operation.deadline_ms != 0 && parts_.clock.wall_ms() > stack_.operation.deadline_ms;
    if (is_late) {
      co_await fail_deploy("Stack creation time exceeded the specified timeout");
      co_return;
    }
    const bool stands = co_await deploy_resource(name, values, evaluator);
    if (stopped_) co_return;
    if (!stands) {
      co_await fail_deploy(failure_reason());
      co_return;
    }
    values.standing[name] = *find(name)->current;
  }
  co_await finish_deploy(values, evaluator);
}

void StackRun::describe_resource(ResourceDocument& document, const ResourceDeclaration& declaration,
                                 const StandingValues& values) const {
  document.type = declaration.type;
  document.deletion_policy = declaration.deletion_policy;
  document.update_replace_policy = declaration.update_replace_policy;
  document.metadata = declaration.metadata;
  document.depends_on.clear();
  const auto all = dependencies(*template_);
  const auto own = all.find(declaration.name);
  if (own == all.end()) return;
  for (const std::string& name : own->second) {
    if (values.active.count(name)) document.depends_on.push_back(name);
  }
}

io::Task<bool> StackRun::deploy_resource(std::string name, StandingValues& values,
                                         Evaluator& evaluator) {
  const ResourceDeclaration& declaration = *template_->resource(name);
  const ResourceType& type = *parts_.types.find(declaration.type);
  if (!find(name)) {
    ResourceDocument document;
    document.name = name;
    resources_.push_back(std::move(document));
  }
  ResourceDocument& document = *find(name);
  const bool is_touched = document.operation_id == stack_.operation.id;
  if (is_touched && document.pending) {
    const bool resumed = co_await carry_out(document, type, true);
    co_return resumed;
  }
  if (is_touched && document.current && document.status.ends_with("_COMPLETE")) co_return true;
  if (!is_touched && document.before) {
    // Left by an earlier update that failed and wasn't rolled back.
    if (document.current && document.before->id != document.current->id) {
      document.leftovers.push_back(std::move(*document.before));
    }
    document.before.reset();
  }
  const std::string stored = encode(document);
  describe_resource(document, declaration, values);
  auto desired = resource_properties(declaration, type, evaluator);
  if (!desired) {
    const std::string action = document.current ? "UPDATE" : "CREATE";
    const bool failed = co_await fail_resource(document, action, desired.error().message);
    co_return failed;
  }
  if (document.current && encode(document) == stored &&
      compare(type.description(), document.current->properties, *desired).empty()) {
    co_return true;
  }
  const bool made = co_await begin(document, type, desired.take());
  co_return made;
}

// Decides what to do, stores that, and does it.
io::Task<bool> StackRun::begin(ResourceDocument& document, const ResourceType& type,
                               Value desired) {
  const TypeDescription& description = type.description();
  std::string action = "create";
  std::string reason;
  if (document.current) {
    const Value& before = document.current->properties;
    const Difference difference = compare(description, before, desired);
    if (difference.empty()) {
      Step unchanged;
      unchanged.resources.push_back(&document);
      co_await save(std::move(unchanged));
      co_return !stopped_;
    }
    const std::string refusal = why_not(document.name, description, difference, before, desired);
    if (!refusal.empty()) {
      const bool failed = co_await fail_resource(document, "UPDATE", refusal);
      co_return failed;
    }
    if (!difference.replaces()) action = "update";
    if (difference.replaces()) {
      reason =
          "Requested update requires the creation of a new physical resource; hence creating "
          "one.";
    }
  }
  PendingCall call{action, parts_.random.uuid(), {}};
  call.target.properties = desired;
  if (action == "update") {
    call.target.id = document.current->id;
  } else {
    const Value* name = desired.find(description.name_property);
    call.target.id = name
                         ? name->text().value_or("")
                         : generated_name(description, address_.name, document.name, parts_.random);
    const std::string problem = co_await find_clash(caller(), type, call);
    if (!problem.empty()) {
      const bool failed =
          co_await fail_resource(document, document.current ? "UPDATE" : "CREATE", problem);
      co_return failed;
    }
  }
  if (document.current) document.before = document.current;
  document.pending = std::move(call);
  set_resource(document, document.current ? "UPDATE_IN_PROGRESS" : "CREATE_IN_PROGRESS", reason);
  Step intent;
  intent.resources.push_back(&document);
  const std::string shown_id = document.current ? document.current->id : "";
  intent.events.push_back(resource_event(document, shown_id, &desired));
  co_await save(std::move(intent));
  if (stopped_) co_return false;
  const bool made = co_await carry_out(document, type, false);
  co_return made;
}

// Makes the call that is stored as pending, and stores its outcome.
io::Task<bool> StackRun::carry_out(ResourceDocument& document, const ResourceType& type,
                                   bool resumed) {
  const PendingCall call = *document.pending;
  const TypeDescription& description = type.description();
  Value named = with_name(description, call.target.properties, call.target.id);
  std::optional<aws::Result<PhysicalResource>> outcome;
  if (call.action == "create") {
    auto made = co_await type.create(caller(), std::move(named), resumed);
    outcome.emplace(std::move(made));
  } else {
    PhysicalResource current = *document.before;
    current.properties = with_name(description, current.properties, current.id);
    auto updated = co_await type.update(caller(), std::move(current), std::move(named));
    outcome.emplace(std::move(updated));
  }
  const bool is_update = document.current.has_value();
  if (!*outcome) {
    // Somebody else's resource, made since it was looked for: not ours to delete.
    if (!resumed && says_exists(outcome->error())) document.pending.reset();
    const std::string reason = handler_message(outcome->error(), call.token);
    const bool failed = co_await fail_resource(document, is_update ? "UPDATE" : "CREATE", reason);
    co_return failed;
  }
  document.current = std::move(**outcome);
  document.current->properties = call.target.properties;
  document.pending.reset();
  set_resource(document, is_update ? "UPDATE_COMPLETE" : "CREATE_COMPLETE", "");
  Step done;
  done.resources.push_back(&document);
  done.events.push_back(
      resource_event(document, document.current->id, &document.current->properties));
  co_await save(std::move(done));
  co_return !stopped_;
}

// Always gives false. What is pending stays so: the rollback looks for what the call left behind.
io::Task<bool> StackRun::fail_resource(ResourceDocument& document, std::string action,
                                       std::string reason) {
  (action == "CREATE" ? failed_creates_ : failed_updates_).push_back(document.name);
  set_resource(document, action + "_FAILED", std::move(reason));
  Step failed;
  failed.resources.push_back(&document);
  const Value* properties = document.pending ? &document.pending->target.properties : nullptr;
  const std::string id = document.current ? document.current->id : "";
  failed.events.push_back(resource_event(document, id, properties));
  co_await save(std::move(failed));
  co_return false;
}

std::string StackRun::failure_reason() const {
  std::string reason;
  if (!failed_creates_.empty()) {
    reason += "The following resource(s) failed to create: [" + joined(failed_creates_) + "]. ";
  }
  if (!failed_updates_.empty()) {
    reason += "The following resource(s) failed to update: [" + joined(failed_updates_) + "]. ";
  }
  return reason;
}

io::Task<> StackRun::fail_deploy(std::string reason) {
  const bool is_create = stack_.status == "CREATE_IN_PROGRESS";
  std::string status = is_create ? "ROLLBACK_IN_PROGRESS" : "UPDATE_ROLLBACK_IN_PROGRESS";
  if (stack_.operation.disable_rollback) {
    status = is_create ? "CREATE_FAILED" : "UPDATE_FAILED";
  } else if (is_create && stack_.operation.delete_on_failure) {
    status = "DELETE_IN_PROGRESS";
    reason += "Delete requested by user.";
  } else if (is_create) {
    reason += "Rollback requested by user.";
  }
  Step step;
  step.forgets_previous_template = status == "UPDATE_FAILED";
  co_await set_status(std::move(status), std::move(reason), std::move(step));
}

io::Task<> StackRun::finish_deploy(StandingValues& values, Evaluator& evaluator) {
  auto outputs = evaluate_outputs(*template_, evaluator);
  if (!outputs) {
    co_await fail_deploy(outputs.error().message + " ");
    co_return;
  }
  std::map<std::string, std::string> wanted;
  for (const StackOutput& output : *outputs) {
    if (!output.export_name.empty()) wanted[output.export_name] = output.value;
  }
  auto exported = co_await parts_.store.set_exports(home_, address_, std::move(wanted));
  if (!exported && exported.error().code != ErrorCode::kAlreadyExists) {
    stop_for(exported.take_error());
    co_return;
  }
  if (!exported) {
    co_await fail_deploy(exported.error().message + ". ");
    co_return;
  }
  stack_.outputs = outputs.take();
  stack_.imports.assign(values.imports.begin(), values.imports.end());
  const bool is_create = stack_.status == "CREATE_IN_PROGRESS";
  Step step;
  co_await set_status(is_create ? "CREATE_COMPLETE" : "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "",
                      std::move(step));
}

}  // namespace millstream::cloudformation
