#include "services/cloudformation/engine/engine.h"

#include "services/cloudformation/engine/stack_run.h"

namespace millstream::cloudformation {

bool is_busy(const std::string& status) {
  return status.ends_with("_IN_PROGRESS") && status != "REVIEW_IN_PROGRESS";
}

void Engine::start(io::Executor& home, const StackAddress& address) {
  {
    const std::lock_guard lock(mutex_);
    const auto [entry, is_new] = running_.try_emplace(stack_id(address));
    if (!is_new) {
      entry->second.looks_again = true;
      return;
    }
  }
  home.post([this, &home, address] { io::spawn(run(this, &home, address)); });
}

bool Engine::finish(const StackAddress& address) {
  std::vector<std::shared_ptr<io::OneShot<bool>>> waiters;
  {
    const std::lock_guard lock(mutex_);
    const auto entry = running_.find(stack_id(address));
    if (entry->second.looks_again) {
      entry->second.looks_again = false;
      return false;
    }
    waiters = std::move(entry->second.waiters);
    running_.erase(entry);
  }
  for (const auto& waiter : waiters) waiter->set(true);
  return true;
}

io::Task<> Engine::settled(io::Executor& home, StackAddress address, int64_t timeout_us) {
  const auto waiter = std::make_shared<io::OneShot<bool>>(home);
  {
    const std::lock_guard lock(mutex_);
    const auto entry = running_.find(stack_id(address));
    if (entry == running_.end()) co_return;
    entry->second.waiters.push_back(waiter);
  }
  const io::TimerId timer = home.run_after(timeout_us, [waiter] { waiter->set(false); });
  co_await *waiter;
  home.cancel(timer);
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
