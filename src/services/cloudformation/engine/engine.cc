#include "services/cloudformation/engine/engine.h"

#include "services/cloudformation/engine/stack_run.h"

namespace millstream::cloudformation {

bool is_busy(const std::string& status) {
  return status.ends_with("_IN_PROGRESS") && status != "REVIEW_IN_PROGRESS";
}

void Engine::start(io::Executor& home, const StackAddress& address) {
  {
    const std::lock_guard lock(mutex_);
    const auto [entry, is_new] = running_.try_emplace(stack_id(address), false);
    if (!is_new) {
      entry->second = true;
      return;
    }
  }
  home.post([this, &home, address] { io::spawn(run(this, &home, address)); });
}

bool Engine::finish(const StackAddress& address) {
  const std::lock_guard lock(mutex_);
  const auto entry = running_.find(stack_id(address));
  if (!entry->second) {
    running_.erase(entry);
    return true;
  }
  entry->second = false;
  return false;
}

io::Task<> Engine::run(Engine* engine, io::Executor* home, StackAddress address) {
  do {
    StackRun stack_run(engine->parts_, *home, address);
    co_await stack_run.drive();
  } while (!engine->finish(address));
}

Result<> Engine::resume(io::Executor& home) {
  auto stacks = parts_.store.all_stacks_now();
  if (!stacks) return stacks.take_error();
  for (const StackDocument& stack : *stacks) {
    if (is_busy(stack.status)) start(home, stack.address);
  }
  return {};
}

bool Engine::is_idle() const {
  const std::lock_guard lock(mutex_);
  return running_.empty();
}

}  // namespace millstream::cloudformation
