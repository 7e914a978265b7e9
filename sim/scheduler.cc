#include "sim/scheduler.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace millstream::sim {
namespace {

constexpr int64_t kWorkUsMax = 20;       // of one piece of work
constexpr int64_t kWakeUsMax = 200;      // until a blocking thread that was idle runs
constexpr int64_t kSwitchesMax = 6;      // to other threads, in one wait for the disk
constexpr uint64_t kSwitchesOnceIn = 3;  // waits
constexpr size_t kThreadsInsideMax = 4;  // each inside the one before

class SimulatedWorker final : public io::Worker {
 public:
  SimulatedWorker(Scheduler& scheduler, std::function<void()> work)
      : scheduler_(scheduler),
        thread_(scheduler.add(Scheduler::Kind::kWorker)),
        work_(std::move(work)) {}
  ~SimulatedWorker() override {
    stop();
    scheduler_.remove(thread_);
  }
  void wake() override {
    if (stopped_ || std::exchange(woken_, true)) return;
    scheduler_.post(thread_, [this] { serve(); });
  }
  void stop() override {
    if (std::exchange(stopped_, true)) return;
    Callback rest([this] { serve(); });
    scheduler_.run_as(thread_, rest);
  }

 private:
  void serve() {
    if (std::exchange(woken_, false)) work_();
  }

  Scheduler& scheduler_;
  Scheduler::Thread& thread_;
  const std::function<void()> work_;
  bool woken_ = false;
  bool stopped_ = false;
};

}  // namespace

std::unique_ptr<io::Worker> SimulatedWorkers::start(std::function<void()> work) {
  return std::make_unique<SimulatedWorker>(scheduler_, std::move(work));
}

Scheduler::Thread& Scheduler::add(Kind kind) {
  return threads_.emplace_back(Thread{kind, next_thread_++, {}, 0});
}

void Scheduler::remove(Thread& thread) {
  CHECK(std::find(running_.begin(), running_.end(), &thread) == running_.end());
  std::vector<Callback> dropped;  // a destructor may come back to the scheduler
  for (auto at = timers_.begin(); at != timers_.end();) {
    if (at->second.first != &thread) {
      ++at;
      continue;
    }
    due_us_.erase(at->first.second);
    dropped.push_back(std::move(at->second.second));
    at = timers_.erase(at);
  }
  for (Callback& work : thread.queue) dropped.push_back(std::move(work));
  threads_.remove_if([&thread](const Thread& entry) { return &entry == &thread; });
}

void Scheduler::post(Thread& thread, Callback work) {
  if (thread.queue.empty() && thread.kind != Kind::kReactor) {
    thread.ready_us = now_us_ + dice_.between(0, kWakeUsMax) * slowness_;
  }
  thread.queue.push_back(std::move(work));
}

io::TimerId Scheduler::run_after(Thread& thread, int64_t delay_us, Callback work) {
  const io::TimerId timer = next_timer_++;
  const int64_t due_us = now_us_ + std::max<int64_t>(delay_us, 0);
  timers_.emplace(std::pair(due_us, timer), std::pair(&thread, std::move(work)));
  due_us_.emplace(timer, due_us);
  return timer;
}

void Scheduler::cancel(io::TimerId timer) {
  const auto due = due_us_.find(timer);
  if (due == due_us_.end()) return;
  const auto found = timers_.find({due->second, timer});
  due_us_.erase(due);
  const Callback dropped = std::move(found->second.second);
  timers_.erase(found);
}

void Scheduler::fire_timers() {
  while (!timers_.empty() && timers_.begin()->first.first <= now_us_) {
    auto [thread, work] = std::move(timers_.begin()->second);
    due_us_.erase(timers_.begin()->first.second);
    timers_.erase(timers_.begin());
    thread->queue.push_back(std::move(work));
  }
}

bool Scheduler::may_begin(const Thread& thread) const {
  if (thread.queue.empty() || thread.ready_us > now_us_) return false;
  for (const Thread* outer : running_) {
    if (outer == &thread || (outer->kind == Kind::kPool && thread.kind == Kind::kPool))
      return false;
    const bool both_work = outer->kind == Kind::kWorker && thread.kind == Kind::kWorker;
    if (both_work && thread.id > outer->id) return false;
  }
  return true;
}

void Scheduler::run_as(Thread& thread, Callback& work) {
  running_.push_back(&thread);
  work();
  running_.pop_back();
}

bool Scheduler::leap(int64_t until_us) {
  int64_t next_us = INT64_MAX;
  if (!timers_.empty()) next_us = timers_.begin()->first.first;
  for (const Thread& thread : threads_) {
    if (!thread.queue.empty() && thread.ready_us > now_us_) {
      next_us = std::min(next_us, thread.ready_us);
    }
  }
  if (next_us > until_us) {
    if (until_us != INT64_MAX) now_us_ = std::max(now_us_, until_us);
    return false;
  }
  now_us_ = std::max(now_us_, next_us);
  return true;
}

bool Scheduler::step(int64_t until_us) {
  fire_timers();
  std::vector<Thread*> ready;
  for (Thread& thread : threads_) {
    if (may_begin(thread)) ready.push_back(&thread);
  }
  if (ready.empty()) return leap(until_us);
  Thread& thread = *ready[ready.size() == 1 ? 0 : dice_.below(ready.size())];
  ++steps_;
  trace_.note(thread.id);
  Callback work = std::move(thread.queue.front());
  thread.queue.pop_front();
  run_as(thread, work);
  now_us_ += dice_.between(0, kWorkUsMax);
  return true;
}

bool Scheduler::run(int64_t until_us, const std::function<bool()>& done) {
  while (!done() && now_us_ < until_us) {
    if (!step(until_us)) break;
  }
  return done();
}

void Scheduler::wait_for_disk(int64_t latency_us) {
  const int64_t back_us = now_us_ + latency_us * slowness_;
  const bool in_the_midst = !running_.empty() && running_.back()->kind != Kind::kReactor;
  if (in_the_midst && running_.size() < kThreadsInsideMax && dice_.one_in(kSwitchesOnceIn)) {
    int64_t switches = dice_.between(1, kSwitchesMax);
    while (switches-- > 0 && step(back_us)) {
    }
  }
  now_us_ = std::max(now_us_, back_us);
}

}  // namespace millstream::sim
