#include <algorithm>

#include "services/cloudformation/engine/stack_run.h"

namespace millstream::cloudformation {

io::Task<> StackRun::clean_up() {
  const std::set<std::string> active = active_now();
  std::vector<std::string> names = documents_in_order();
  std::reverse(names.begin(), names.end());
  for (const std::string& name : names) {
    co_await clean_up_resource(*find(name), active.count(name) > 0);
    if (stopped_) co_return;
  }
  Step step;
  step.forgets_previous_template = true;
  for (ResourceDocument& document : resources_) {
    if (active.count(document.name)) {
      step.resources.push_back(&document);
    } else {
      step.erased_resources.push_back(document.name);
    }
  }
  const bool is_rollback = stack_.status == "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS";
  co_await set_status(is_rollback ? "UPDATE_ROLLBACK_COMPLETE" : "UPDATE_COMPLETE", "",
                      std::move(step));
}

// Deletes what the operation left over. A resource that can't be deleted stays behind, with an
// event that says so: the stack itself is what it should be.
io::Task<> StackRun::clean_up_resource(ResourceDocument& document, bool is_active) {
  if (!is_active) {
    const bool is_rollback = stack_.status == "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS";
    const bool removed = co_await remove_resource(document, !is_rollback);
    static_cast<void>(removed);
    co_return;
  }
  const std::string status = document.status;
  const std::string reason = document.status_reason;
  if (document.before && document.current && document.before->id != document.current->id &&
      document.update_replace_policy != "Retain") {
    document.leftovers.push_back(*document.before);
  }
  document.before.reset();
  while (!document.leftovers.empty()) {
    const PhysicalResource leftover = document.leftovers.back();
    const bool removed = co_await remove_physical(document, leftover);
    static_cast<void>(removed);
    if (stopped_) co_return;
    document.leftovers.pop_back();
  }
  const bool was_cut_off = status.starts_with("DELETE_");
  document.status = was_cut_off ? "UPDATE_COMPLETE" : status;
  document.status_reason = was_cut_off ? "" : reason;
}

}  // namespace millstream::cloudformation
