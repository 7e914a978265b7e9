#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/clock.h"
#include "base/random.h"
#include "io/manual_executor.h"
#include "io/memory_disk.h"
#include "io/task.h"
#include "io/workers.h"
#include "journal/journal.h"
#include "lanes/open.h"
#include "store/memory_store.h"

namespace millstream::lanes::testing {

// Real lanes and a real journal on a disk, a store and a clock in memory, driven by the test's own
// thread:
//
//   LanesFixture node;
//   auto value = node.run(node.lanes().get(node.home(), "key"));
//   node.restart();   // after a crash: what wasn't synced or flushed is gone
class LanesFixture {
 public:
  explicit LanesFixture(uint64_t seed = 1,
                        uint64_t segment_bytes = journal::JournalOptions().segment_bytes)
      : segment_bytes_(segment_bytes), random_(seed) {
    open();
  }
  ~LanesFixture() { close(); }

  [[nodiscard]] OpenLanes& lanes() { return *lanes_; }
  [[nodiscard]] journal::Journal& journal() { return *journal_; }
  [[nodiscard]] io::MemoryDisk& disk() { return disk_; }
  [[nodiscard]] store::MemoryStore& store() { return store_; }
  [[nodiscard]] ManualClock& clock() { return clock_; }
  [[nodiscard]] Random& random() { return random_; }
  [[nodiscard]] io::ManualExecutor& home() { return executor_; }

  // Runs `task` to its end, and whatever else is posted meanwhile.
  template <class T>
  T run(io::Task<T> task) {
    std::optional<T> result;
    start<T>(std::move(task), [&result](T value) { result.emplace(std::move(value)); });
    drive([&result] { return result.has_value(); });
    return std::move(*result);
  }
  // Starts `task` on the executor and calls `done` with what it gives.
  template <class T>
  void start(io::Task<T> task, std::function<void(T)> done) {
    io::Task<> whole = finish<T>(std::move(task), std::move(done));
    auto held = std::make_shared<io::Task<>>(std::move(whole));
    executor_.post([held] { io::spawn(std::move(*held)); });
  }
  // Runs posted work until `done` says so. The journal's thread does its part meanwhile.
  void drive(const std::function<bool()>& done) {
    while (!done()) {
      if (executor_.run_until_idle() == 0) std::this_thread::yield();
    }
  }

  // Flushes the state and ends background work, as a server does before it closes.
  Result<> stop_lanes() { return run(lanes_->stop(executor_)); }
  // Closes in order and opens again.
  void reopen() {
    close();
    open();
  }
  // Loses what a crash loses, then opens again. No transaction may be under way.
  void restart(uint64_t seed = 1) {
    close();
    disk_.crash(seed);
    store_.crash();
    open();
  }

  static constexpr size_t kBacklogMax = 10;
  static constexpr const char* kIndexDirectory = "/data/index";

 private:
  template <class T>
  static io::Task<> finish(io::Task<T> task, std::function<void(T)> done) {
    T value = co_await task;
    done(std::move(value));
  }
  void open() {
    auto journal = journal::Journal::open(
        {.directory = "/data/journal", .segment_bytes = segment_bytes_, .zero_ahead_bytes = 0},
        disk_, workers_, random_);
    CHECK(journal.ok());
    journal_ = journal.take();
    auto lanes = open_lanes(
        {.index_directory = kIndexDirectory, .backlog_max = kBacklogMax}, *journal_, store_, disk_,
        {&executor_}, [](Callback work) { work(); }, clock_);
    CHECK(lanes.ok());
    lanes_ = lanes.take();
  }
  // The journal first: what it still has to report is reported to the lanes.
  void close() {
    journal_->close();
    lanes_.reset();
    journal_.reset();
  }

  const uint64_t segment_bytes_;
  SeededRandom random_;
  ManualClock clock_;
  io::MemoryDisk disk_;
  io::ThreadWorkers workers_;
  store::MemoryStore store_;
  io::ManualExecutor executor_;
  std::unique_ptr<journal::Journal> journal_;
  std::unique_ptr<OpenLanes> lanes_;
};

}  // namespace millstream::lanes::testing
