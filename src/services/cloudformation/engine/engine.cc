#include "services/cloudformation/engine/engine.h"

#include <algorithm>
#include <utility>

#include "services/cloudformation/engine/stack_run.h"

namespace millstream::cloudformation {
namespace {

constexpr int64_t kPauseUsMin = 100'000;
constexpr int64_t kPauseUsMax = 10'000'000;

}  // namespace

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
    co_await engine->drive(*home, address);
  } while (!engine->finish(address));
}

io::Task<> Engine::drive(io::Executor& home, StackAddress address) {
  for (int64_t pause_us = kPauseUsMin;; pause_us = std::min(2 * pause_us, kPauseUsMax)) {
    StackRun stack_run(parts_, home, address);
    Result<> driven = co_await stack_run.drive();
    if (driven || stopping_) co_return;
    parts_.warn("cloudformation: the stack " + address.name +
                " has to wait: " + driven.error().message);
    set_paused(address, true);
    co_await io::sleep_for(home, pause_us);
    if (stopping_) co_return;
    set_paused(address, false);
  }
}

void Engine::set_paused(const StackAddress& address, bool paused) {
  std::vector<std::shared_ptr<io::OneShot<bool>>> waiters;
  {
    const std::lock_guard lock(mutex_);
    Running& entry = running_.at(stack_id(address));
    entry.paused = paused;
    if (paused) waiters = std::exchange(entry.waiters, {});
  }
  for (const auto& waiter : waiters) waiter->set(true);
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
  return std::all_of(running_.begin(), running_.end(),
                     [](const auto& entry) { return entry.second.paused; });
}

}  // namespace millstream::cloudformation
