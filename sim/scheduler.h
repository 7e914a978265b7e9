#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "base/callback.h"
#include "base/clock.h"
#include "io/executor.h"
#include "io/workers.h"
#include "sim/dice.h"
#include "sim/trace.h"

namespace millstream::sim {

// All threads of the simulated process, on the one real thread, under a virtual clock.
//
// Operation: a virtual thread is a queue of work. `step` draws one of those that have work and runs
// the first piece of it; if none has, time goes on to the next timer or to when a slow thread is
// ready. While a worker waits for the disk in the midst of its work (`wait_for_disk`), others are
// stepped inside its call, as if the system had switched: what it did before is seen by them, what
// it does after isn't yet.
//
// Limit: a piece of work that was begun inside another ends before it. So a thread that may have to
// wait for another isn't begun inside that one: a worker not inside one that was started earlier
// (the journal's writer waits for its preparer), no two of the pool inside each other.
class Scheduler {
 public:
  Scheduler(uint64_t seed, Trace& trace) : dice_(seed), trace_(trace) {}
  Scheduler(const Scheduler&) = delete;

  enum class Kind { kReactor, kWorker, kPool };
  struct Thread {
    Kind kind;
    uint64_t id;  // rises with each thread that is made
    std::deque<Callback> queue;
    int64_t ready_us = 0;  // not before
  };
  using Timers = std::map<std::pair<int64_t, io::TimerId>, std::pair<Thread*, Callback>>;

  Thread& add(Kind kind);
  // Its queue and its timers are dropped unrun.
  void remove(Thread& thread);

  // Work for a thread that was idle begins only after a wait, longer on a slow machine.
  void post(Thread& thread, Callback work);
  io::TimerId run_after(Thread& thread, int64_t delay_us, Callback work);
  void cancel(io::TimerId timer);
  [[nodiscard]] bool is_running(const Thread& thread) const {
    return !running_.empty() && running_.back() == &thread;
  }
  // Runs a piece of work of `thread` here and now, as its thread.
  void run_as(Thread& thread, Callback& work);

  // One piece of work, or one leap of time. False if there is nothing to come, or nothing before
  // `until_us`: then it is `until_us`.
  bool step(int64_t until_us);
  // Steps until `done`, or until the time has come; returns done().
  bool run(int64_t until_us, const std::function<bool()>& done);
  void wait_for_disk(int64_t latency_us);

  [[nodiscard]] int64_t now_us() const { return now_us_; }
  [[nodiscard]] uint64_t steps() const { return steps_; }
  // How many times slower than usual disks and blocking threads are.
  void set_slowness(int64_t factor) { slowness_ = factor; }

 private:
  [[nodiscard]] bool may_begin(const Thread& thread) const;
  bool leap(int64_t until_us);
  void fire_timers();

  Dice dice_;
  Trace& trace_;
  std::list<Thread> threads_;
  std::vector<Thread*> running_;  // each inside the one before
  Timers timers_;
  std::map<io::TimerId, int64_t> due_us_;
  int64_t now_us_ = 0;
  uint64_t steps_ = 0;
  uint64_t next_thread_ = 1;
  io::TimerId next_timer_ = 1;
  int64_t slowness_ = 1;
};

// A reactor of the simulated process.
class SimulatedExecutor final : public io::Executor {
 public:
  explicit SimulatedExecutor(Scheduler& scheduler)
      : scheduler_(scheduler), thread_(scheduler.add(Scheduler::Kind::kReactor)) {}
  ~SimulatedExecutor() override { scheduler_.remove(thread_); }

  void post(Callback work) override { scheduler_.post(thread_, std::move(work)); }
  io::TimerId run_after(int64_t delay_us, Callback work) override {
    return scheduler_.run_after(thread_, delay_us, std::move(work));
  }
  void cancel(io::TimerId timer) override { scheduler_.cancel(timer); }
  [[nodiscard]] bool is_current() const override { return scheduler_.is_running(thread_); }

 private:
  Scheduler& scheduler_;
  Scheduler::Thread& thread_;
};

class SimulatedWorkers final : public io::Workers {
 public:
  explicit SimulatedWorkers(Scheduler& scheduler) : scheduler_(scheduler) {}
  std::unique_ptr<io::Worker> start(std::function<void()> work) override;

 private:
  Scheduler& scheduler_;
};

// Threads for work that blocks, as lanes::RunBlocking wants them.
class SimulatedPool {
 public:
  explicit SimulatedPool(Scheduler& scheduler)
      : scheduler_(scheduler), thread_(scheduler.add(Scheduler::Kind::kPool)) {}
  ~SimulatedPool() { scheduler_.remove(thread_); }
  SimulatedPool(const SimulatedPool&) = delete;
  void run(Callback work) { scheduler_.post(thread_, std::move(work)); }

 private:
  Scheduler& scheduler_;
  Scheduler::Thread& thread_;
};

// The machine's clock: its wall time may be set, its monotonic time is the scheduler's.
class SimulatedClock final : public Clock {
 public:
  explicit SimulatedClock(const Scheduler& scheduler) : scheduler_(scheduler) {}
  [[nodiscard]] int64_t wall_ms() const override {
    return kStartMs + offset_ms_ + scheduler_.now_us() / 1000;
  }
  [[nodiscard]] int64_t monotonic_us() const override { return scheduler_.now_us(); }
  void jump_ms(int64_t ms) { offset_ms_ += ms; }

 private:
  static constexpr int64_t kStartMs = 1'700'000'000'000;
  const Scheduler& scheduler_;
  int64_t offset_ms_ = 0;
};

}  // namespace millstream::sim
