#include "services/functions/environments/pool.h"

#include <algorithm>
#include <utility>

namespace millstream::functions {
namespace {

constexpr int64_t kMicrosecondsPerSecond = 1'000'000;

}  // namespace

Pool::Pool(PoolShared& shared, std::shared_ptr<const FunctionVersion> version)
    : shared_(shared), version_(std::move(version)) {}

void Pool::use(std::shared_ptr<const FunctionVersion> version) {
  if (version->revision == version_->revision) return;
  version_ = std::move(version);
  for (auto& idle : std::exchange(idle_, {})) idle.environment->stop();
}

void Pool::submit(Job job) {
  run_or_queue(std::move(job), waiting_.end());
}

// To the front: it has waited longest.
void Pool::job_given_back(Job job) {
  if (!closed_) return run_or_queue(std::move(job), waiting_.begin());
  InvokeOutcome outcome;
  outcome.status = *closed_;
  answer(job, std::move(outcome));
}

void Pool::run_or_queue(Job job, std::deque<Job>::iterator before) {
  if (!idle_.empty()) {
    const auto environment = std::move(idle_.back().environment);
    idle_.pop_back();
    return environment->run(std::move(job));
  }
  job.wait_timer = shared_.host().executor.run_after(
      version_->timeout_s * kMicrosecondsPerSecond,
      [self = weak_from_this(), request_id = job.invocation.request_id] {
        if (const auto pool = self.lock()) pool->waited_too_long(request_id);
      });
  job.waiting_since_us = shared_.host().clock.monotonic_us();
  waiting_.insert(before, std::move(job));
  shared_.consider_growth();
}

int64_t Pool::waiting_since_us() const {
  if (closed_ || starting_ >= waiting_.size()) return INT64_MAX;
  return waiting_[starting_].waiting_since_us;
}

bool Pool::grow_one() {
  if (!shared_.capacity().reserve(version_->memory_mb)) return false;
  ++starting_;
  io::spawn(start_one(shared_from_this(), version_, Chance::kFirst));
  return true;
}

io::Task<> Pool::start_one(std::shared_ptr<Pool> self,
                           std::shared_ptr<const FunctionVersion> version, Chance chance) {
  Result<LaunchPlan> plan = co_await shared_.plan(version);
  if (closed_) {
    start_ended();
    shared_.capacity().release(version->memory_mb);
    co_return;
  }
  if (!plan) {
    start_ended();
    InvokeOutcome outcome;
    outcome.status = InvokeStatus::kFailed;
    outcome.failure = plan.error().message;
    fail_longest_waiting(std::move(outcome));
    shared_.capacity().release(version->memory_mb);
    shared_.consider_growth();
    co_return;
  }
  plan->init_timeout_us = chance == Chance::kSecond ? version->timeout_s * kMicrosecondsPerSecond
                                                    : shared_.init_timeout_us();
  const auto environment =
      std::make_shared<Environment>(shared_.host(), self, version, plan.take());
  environments_.insert(environment);
  initialising_.insert(environment.get());
  if (chance == Chance::kSecond) second_chances_.insert(environment.get());
  environment->start();
}

void Pool::start_ended() {
  --starting_;
  shared_.capacity().started();
}

void Pool::environment_idle(const std::shared_ptr<Environment>& environment) {
  if (initialising_.erase(environment.get()) > 0) start_ended();
  second_chances_.erase(environment.get());
  if (closed_ || environment->version().revision != version_->revision) return environment->stop();
  if (!yielding_ && shared_.must_yield(*this)) {
    yielding_ = true;
    return environment->stop();
  }
  if (auto job = take_waiting()) {
    environment->run(std::move(*job));
    shared_.consider_growth();  // one fewer is starting
    return;
  }
  idle_.push_back({environment, shared_.host().clock.monotonic_us()});
  end_idle_ones();
  shared_.consider_growth();
}

void Pool::environment_ended(const std::shared_ptr<Environment>& environment,
                             std::optional<Failure> init_failure) {
  if (initialising_.erase(environment.get()) > 0) start_ended();
  environments_.erase(environment);
  yielding_ = false;
  std::erase_if(idle_, [&](const Idle& idle) { return idle.environment == environment; });
  shared_.capacity().release(environment->version().memory_mb);
  if (init_failure && !closed_) init_failed(environment, std::move(*init_failure));
  second_chances_.erase(environment.get());
  shared_.consider_growth();
}

// An initialisation that ran out of time is tried once more, in the invocation's own
// time.
void Pool::init_failed(const std::shared_ptr<Environment>& environment, Failure failure) {
  const bool second = second_chances_.contains(environment.get());
  if (failure.status == "timeout" && !second && !waiting_.empty() &&
      shared_.capacity().reserve(version_->memory_mb)) {
    ++starting_;
    io::spawn(start_one(shared_from_this(), version_, Chance::kSecond));
    return;
  }
  if (failure.by_host) {
    InvokeOutcome outcome;
    outcome.status = InvokeStatus::kFailed;
    outcome.failure = failure.message;
    return fail_longest_waiting(std::move(outcome));
  }
  if (auto job = take_waiting()) {
    if (failure.status == "timeout") failure = timeout_failure(version_->timeout_s);
    environment->fail(std::move(*job), failure);
  }
}

std::optional<Job> Pool::take_waiting() {
  if (waiting_.empty()) return std::nullopt;
  Job job = std::move(waiting_.front());
  waiting_.pop_front();
  shared_.host().executor.cancel(std::exchange(job.wait_timer, 0));
  return job;
}

void Pool::fail_longest_waiting(InvokeOutcome outcome) {
  if (auto job = take_waiting()) answer(*job, std::move(outcome));
}

void Pool::waited_too_long(const std::string& request_id) {
  const auto found = std::find_if(waiting_.begin(), waiting_.end(), [&](const Job& job) {
    return job.invocation.request_id == request_id;
  });
  // One that an environment is being started for goes on waiting for that: its initialisation has
  // limits of its own.
  if (found == waiting_.end() || static_cast<size_t>(found - waiting_.begin()) < starting_) return;
  Job job = std::move(*found);
  waiting_.erase(found);
  InvokeOutcome outcome;
  outcome.status = InvokeStatus::kThrottled;
  answer(job, std::move(outcome));
}

int64_t Pool::idle_since_us() const {
  return idle_.empty() ? INT64_MAX : idle_.front().since_us;
}

void Pool::end_longest_idle() {
  const auto environment = std::move(idle_.front().environment);
  idle_.erase(idle_.begin());
  environment->stop();
}

void Pool::end_idle_ones() {
  const int64_t due_us = shared_.host().clock.monotonic_us() - shared_.idle_timeout_us();
  while (!idle_.empty() && idle_.front().since_us <= due_us) end_longest_idle();
  if (idle_.empty() || std::exchange(sweeping_, true)) return;
  const int64_t delay_us = idle_.front().since_us - due_us;
  shared_.host().executor.run_after(delay_us, [self = weak_from_this()] {
    const auto pool = self.lock();
    if (!pool) return;
    pool->sweeping_ = false;
    pool->end_idle_ones();
  });
}

void Pool::close(InvokeStatus status, bool running) {
  closed_ = status;
  while (auto job = take_waiting()) {
    InvokeOutcome outcome;
    outcome.status = status;
    answer(*job, std::move(outcome));
  }
  idle_.clear();
  const auto all = environments_;
  for (const auto& environment : all) {
    if (running || environment->is_idle()) environment->stop();
  }
}

}  // namespace millstream::functions
