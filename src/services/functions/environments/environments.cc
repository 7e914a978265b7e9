#include "services/functions/environments/environments.h"

#include <utility>

namespace millstream::functions {

Environments::Environments(const EnvironmentHost& host, FunctionSource& source, Launcher& launcher,
                           io::BlockingPool& blocking, EnvironmentsOptions options)
    : host_(host),
      source_(source),
      launcher_(launcher),
      blocking_(blocking),
      options_(options),
      capacity_(options.capacity) {}

io::Task<InvokeOutcome> Environments::invoke(io::Executor& home, Invocation invocation) {
  if (invocation.request_id.empty()) invocation.request_id = host_.random.uuid();
  Job job;
  job.payload = std::make_shared<const std::string>(std::move(invocation.payload));
  job.invocation = std::move(invocation);
  job.outcome = std::make_shared<io::OneShot<InvokeOutcome>>(home);
  const auto answered = job.outcome;
  co_await io::resume_on(host_.executor);
  submit(std::move(job));
  InvokeOutcome outcome = co_await *answered;
  // An answer that was there before it was awaited leaves us on the executor.
  if (!home.is_current()) co_await io::resume_on(home);
  co_return outcome;
}

void Environments::submit(Job job) {
  InvokeOutcome refused;
  refused.status = InvokeStatus::kStopped;
  if (stopped_) return answer(job, std::move(refused));
  // Here, not before: two invocations can't come to the pool in another order than their versions.
  const Invocation& invocation = job.invocation;
  auto version = source_.find(invocation.account, invocation.region, invocation.function_name);
  refused.status = InvokeStatus::kNotFound;
  if (!version) return answer(job, std::move(refused));
  auto& pool = pools_[version->arn];
  if (!pool) pool = std::make_shared<Pool>(static_cast<PoolShared&>(*this), version);
  pool->use(std::move(version));
  pool->submit(std::move(job));
}

io::Task<Result<LaunchPlan>> Environments::plan(std::shared_ptr<const FunctionVersion> version) {
  auto directory = co_await source_.code_directory(host_.executor, version);
  if (!directory) co_return directory.take_error();
  auto slot = std::make_shared<io::OneShot<Result<LaunchPlan>>>(host_.executor);
  blocking_.run([this, slot, version, code = directory.take()] {
    slot->set(launcher_.plan(*version, code));
  });
  Result<LaunchPlan> planned = co_await *slot;
  if (!host_.executor.is_current()) co_await io::resume_on(host_.executor);
  co_return planned;
}

// Posted, so that a pool isn't asked while it is changing.
void Environments::consider_growth() {
  if (stopped_ || std::exchange(growth_posted_, true)) return;
  host_.executor.post([this] {
    growth_posted_ = false;
    grow_pools();
    drop_empty_pools();
  });
}

// One environment at a time, so that a function with many invocations doesn't starve the others.
void Environments::grow_pools() {
  while (Pool* pool = longest_waiting()) {
    if (pool->grow_one()) continue;
    if (capacity_.full(pool->version().memory_mb)) end_longest_idle();
    return;
  }
}

// A function that has no environment at all comes before those that only want more.
Pool* Environments::longest_waiting() const {
  Pool* longest = nullptr;
  std::pair<bool, int64_t> first{true, INT64_MAX};
  for (const auto& [arn, pool] : pools_) {
    const std::pair<bool, int64_t> rank{pool->environment_count() > 0, pool->waiting_since_us()};
    if (rank.second == INT64_MAX || rank >= first) continue;
    first = rank;
    longest = pool.get();
  }
  return longest;
}

bool Environments::must_yield(const Pool& pool) const {
  if (pool.environment_count() < 2) return false;
  for (const auto& [arn, other] : pools_) {
    if (other->environment_count() == 0 && other->waiting_since_us() != INT64_MAX &&
        capacity_.full(other->version().memory_mb)) {
      return true;
    }
  }
  return false;
}

void Environments::drop_empty_pools() {
  std::erase_if(pools_, [](const auto& entry) { return entry.second->empty(); });
  std::erase_if(closing_, [](const auto& pool) { return pool->empty(); });
}

void Environments::end_longest_idle() {
  Pool* longest = nullptr;
  for (const auto& [arn, pool] : pools_) {
    if (pool->idle_since_us() == INT64_MAX) continue;
    if (!longest || pool->idle_since_us() < longest->idle_since_us()) longest = pool.get();
  }
  if (longest) longest->end_longest_idle();
}

void Environments::forget(const std::string& account, const std::string& region,
                          const std::string& name) {
  const std::string arn = "arn:aws:lambda:" + region + ":" + account + ":function:" + name;
  host_.executor.post([this, arn] {
    const auto found = pools_.find(arn);
    if (found == pools_.end()) return;
    const auto pool = found->second;
    pools_.erase(found);
    pool->close(InvokeStatus::kNotFound, false);
    if (!pool->empty()) closing_.push_back(pool);
  });
}

void Environments::stop() {
  stopped_ = true;
  for (const auto& [arn, pool] : pools_) pool->close(InvokeStatus::kStopped, true);
  for (const auto& pool : closing_) pool->close(InvokeStatus::kStopped, true);
}

bool Environments::busy() {
  drop_empty_pools();
  return !pools_.empty() || !closing_.empty();
}

}  // namespace millstream::functions
