#include "services/cloudformation/engine/stack_run.h"

namespace millstream::cloudformation {

io::Task<> StackRun::restore() {
  std::string failed;
  for (const std::string& name : documents_in_order()) {
    ResourceDocument& document = *find(name);
    if (document.operation_id != stack_.operation.id) continue;
    const bool restored = co_await restore_resource(document);
    if (stopped_) co_return;
    if (!restored) failed += (failed.empty() ? "" : ", ") + name;
  }
  if (!failed.empty()) {
    const std::string reason = "The following resource(s) failed to update: [" + failed + "]. ";
    Step nothing;
    co_await set_status("UPDATE_ROLLBACK_FAILED", reason, std::move(nothing));
    co_return;
  }
  if (stack_.operation.previous) stack_.settings = *stack_.operation.previous;
  Step step;
  step.restores_previous_template = true;
  co_await set_status("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", "", std::move(step));
  if (stopped_) co_return;
  auto loaded = co_await load();
  if (!loaded) stop_for(loaded.take_error());
}

// Brings one resource back to how the operation found it. What the operation made stands until the
// clean-up.
io::Task<bool> StackRun::restore_resource(ResourceDocument& document) {
  if (document.pending && document.pending->action == "create") co_await adopt_partial(document);
  if (!document.current) co_return true;
  const bool was_update = document.before && document.before->id == document.current->id &&
                          document.pending.has_value();
  const bool was_updated = document.before && document.before->id == document.current->id &&
                           !(document.before->properties == document.current->properties);
  if (was_update || was_updated) {
    const bool updated = co_await update_back(document);
    if (!updated) co_return false;
  } else if (document.before && document.before->id != document.current->id) {
    document.leftovers.push_back(*document.current);
  } else if (!document.before && !document.status.ends_with("_FAILED")) {
    co_return true;  // made by this operation; the clean-up takes it away
  }
  if (document.before) document.current = document.before;
  document.before.reset();
  document.pending.reset();
  set_resource(document, "UPDATE_COMPLETE", "");
  Step done;
  done.resources.push_back(&document);
  done.events.push_back(
      resource_event(document, document.current->id, &document.current->properties));
  co_await save(std::move(done));
  co_return !stopped_;
}

// Calls the service to give a resource its earlier properties again.
io::Task<bool> StackRun::update_back(ResourceDocument& document) {
  const PhysicalResource before = *document.before;
  // What an update that was cut off may have set stands in its target.
  PhysicalResource current = *document.current;
  if (document.pending && document.pending->action == "update") {
    current.properties = document.pending->target.properties;
  }
  document.current = current;
  document.pending = PendingCall{"update", parts_.random.uuid(), before};
  set_resource(document, "UPDATE_IN_PROGRESS", "");
  Step intent;
  intent.resources.push_back(&document);
  intent.events.push_back(resource_event(document, before.id, &before.properties));
  co_await save(std::move(intent));
  if (stopped_) co_return false;
  const ResourceType& type = *parts_.types.find(document.type);
  current.properties = with_name(type.description(), current.properties, current.id);
  Value named = with_name(type.description(), before.properties, before.id);
  auto updated = co_await type.update(caller(), std::move(current), std::move(named));
  if (updated) co_return true;
  const std::string reason = handler_message(updated.error(), document.pending->token);
  const bool failed = co_await fail_resource(document, "UPDATE", reason);
  co_return failed;
}

}  // namespace millstream::cloudformation
