#include <algorithm>

#include "services/cloudformation/engine/stack_run.h"

namespace millstream::cloudformation {

io::Task<> StackRun::remove_all() {
  const bool is_rollback = stack_.status == "ROLLBACK_IN_PROGRESS";
  if (!is_rollback) {
    std::map<std::string, std::string> none;
    auto freed = co_await parts_.store.set_exports(home_, address_, std::move(none));
    if (!freed) {
      stop_for(freed.take_error());
      co_return;
    }
  }
  std::vector<std::string> names = documents_in_order();
  std::reverse(names.begin(), names.end());
  std::set<std::string> kept;  // what couldn't be deleted, and what that depends on
  std::string failed;
  for (const std::string& name : names) {
    ResourceDocument& document = *find(name);
    bool removed = false;
    if (!kept.count(name)) removed = co_await remove_resource(document, true);
    if (stopped_) co_return;
    if (removed) continue;
    if (!kept.count(name)) failed += (failed.empty() ? "" : ", ") + name;
    kept.insert(document.depends_on.begin(), document.depends_on.end());
  }
  if (!failed.empty()) {
    const std::string reason = "The following resource(s) failed to delete: [" + failed + "]. ";
    Step nothing;
    co_await set_status(is_rollback ? "ROLLBACK_FAILED" : "DELETE_FAILED", reason,
                        std::move(nothing));
    co_return;
  }
  Step step;
  if (!is_rollback) {
    stack_.deletion_ms = parts_.clock.wall_ms();
    step.frees_name = true;
  }
  co_await set_status(is_rollback ? "ROLLBACK_COMPLETE" : "DELETE_COMPLETE", "", std::move(step));
}

// Deletes everything that one logical resource stands for. False when something is left.
io::Task<bool> StackRun::remove_resource(ResourceDocument& document, bool keeps_retained) {
  const bool is_create_rollback = stack_.operation.kind == "create";
  const std::vector<std::string>& retained = stack_.operation.retain_resources;
  const bool retains =
      document.deletion_policy == "Retain" ||
      (document.deletion_policy == "RetainExceptOnCreate" && !is_create_rollback) ||
      std::find(retained.begin(), retained.end(), document.name) != retained.end();
  if (document.pending && document.pending->action == "create") {
    co_await adopt_partial(document);
  }
  while (!document.leftovers.empty()) {
    const PhysicalResource leftover = document.leftovers.back();
    const bool removed = co_await remove_physical(document, leftover);
    if (stopped_ || !removed) co_return false;
    document.leftovers.pop_back();
  }
  const bool was_replaced =
      document.before && document.current && document.before->id != document.current->id;
  if (was_replaced) {
    const PhysicalResource before = *document.before;
    const bool removed = co_await remove_physical(document, before);
    if (stopped_ || !removed) co_return false;
    document.before.reset();
  }
  if (!document.current) co_return true;
  if (retains && keeps_retained) {
    set_resource(document, "DELETE_SKIPPED", "");
    Step skipped;
    skipped.events.push_back(resource_event(document, document.current->id, nullptr));
    document.current.reset();
    skipped.resources.push_back(&document);
    co_await save(std::move(skipped));
    co_return !stopped_;
  }
  const PhysicalResource current = *document.current;
  const bool removed = co_await remove_physical(document, current);
  co_return removed;
}

io::Task<bool> StackRun::remove_physical(ResourceDocument& document, PhysicalResource physical) {
  set_resource(document, "DELETE_IN_PROGRESS", "");
  document.pending = PendingCall{"delete", parts_.random.uuid(), physical};
  Step intent;
  intent.resources.push_back(&document);
  intent.events.push_back(resource_event(document, physical.id, &physical.properties));
  co_await save(std::move(intent));
  if (stopped_) co_return false;
  const ResourceType& type = *parts_.types.find(document.type);
  PhysicalResource named = physical;
  named.properties = with_name(type.description(), physical.properties, physical.id);
  auto removed = co_await type.remove(caller(), std::move(named));
  Step done;
  if (removed) {
    const bool is_current = document.current && document.current->id == physical.id;
    if (is_current) document.current.reset();
    set_resource(document, "DELETE_COMPLETE", "");
  } else {
    set_resource(document, "DELETE_FAILED",
                 handler_message(removed.error(), document.pending->token));
  }
  document.pending.reset();
  done.resources.push_back(&document);
  done.events.push_back(resource_event(document, physical.id, &physical.properties));
  co_await save(std::move(done));
  co_return !stopped_ && removed.ok();
}

io::Task<> StackRun::adopt_partial(ResourceDocument& document) {
  const ResourceType& type = *parts_.types.find(document.type);
  PhysicalResource target = document.pending->target;
  Value named = with_name(type.description(), target.properties, target.id);
  auto standing = co_await type.find(caller(), std::move(named));
  if (standing && *standing) target.id = **standing;
  const bool nothing_made = standing && !*standing && !type.description().lives_in_others;
  if (!nothing_made) document.leftovers.push_back(std::move(target));
  document.pending.reset();
}

}  // namespace millstream::cloudformation
