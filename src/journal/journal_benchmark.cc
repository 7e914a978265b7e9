// Measures group commit on the real disk: how long a group takes from submit to done when one waits
// at a time, and how many bytes a second go through when many do. Without and with zeros written
// ahead.
//
//   journal_benchmark DIRECTORY

#include <fmt/core.h>

#include <algorithm>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "io/real_disk.h"
#include "journal/journal.h"

namespace millstream::journal {
namespace {

struct Waiter {
  std::mutex mutex;
  std::condition_variable changed;
  uint64_t done = 0;
  bool failed = false;

  void finish(bool ok) {
    std::lock_guard lock(mutex);
    ++done;
    failed |= !ok;
    changed.notify_all();
  }
  void wait_for(uint64_t count) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return done >= count; });
  }
};

Group group_of(Journal& journal, uint64_t* number, size_t bytes) {
  Group group;
  group.begin_frame(1, journal.epoch(), (*number)++);
  group.buffer()->append(bytes, 'x');
  group.end_frame();
  return group;
}

void one_at_a_time(Journal& journal, uint64_t* number, size_t bytes, int groups) {
  const SystemClock clock;
  std::vector<int64_t> times_us;
  Waiter waiter;
  for (int i = 0; i < groups; ++i) {
    const int64_t start_us = clock.monotonic_us();
    journal.submit(group_of(journal, number, bytes),
                   [&](const Result<CommittedGroup>& r) { waiter.finish(r.ok()); });
    waiter.wait_for(static_cast<uint64_t>(i) + 1);
    times_us.push_back(clock.monotonic_us() - start_us);
  }
  std::sort(times_us.begin(), times_us.end());
  fmt::print("  {:>7} B, one at a time: p50 {:>5} us  p99 {:>6} us  max {:>6} us{}\n", bytes,
             times_us[times_us.size() / 2], times_us[times_us.size() * 99 / 100], times_us.back(),
             waiter.failed ? "  FAILED" : "");
}

void many_at_once(Journal& journal, uint64_t* number, size_t bytes, uint64_t groups,
                  uint64_t waiting_max) {
  const SystemClock clock;
  Waiter waiter;
  const int64_t start_us = clock.monotonic_us();
  for (uint64_t i = 0; i < groups; ++i) {
    if (i >= waiting_max) waiter.wait_for(i - waiting_max + 1);
    journal.submit(group_of(journal, number, bytes),
                   [&](const Result<CommittedGroup>& r) { waiter.finish(r.ok()); });
  }
  waiter.wait_for(groups);
  const double seconds = static_cast<double>(clock.monotonic_us() - start_us) / 1e6;
  fmt::print("  {:>7} B, {:>3} waiting: {:>8.0f} groups/s  {:>6.0f} MB/s{}\n", bytes, waiting_max,
             static_cast<double>(groups) / seconds,
             static_cast<double>(groups * bytes) / seconds / 1e6, waiter.failed ? "  FAILED" : "");
}

int run(const std::string& directory) {
  io::RealDisk disk;
  io::ThreadWorkers workers;
  SystemRandom random;
  const SystemClock clock;
  for (const uint64_t zero_ahead : {uint64_t{0}, JournalOptions().zero_ahead_bytes}) {
    JournalOptions options;
    options.directory = directory + "/journal_benchmark";
    options.zero_ahead_bytes = zero_ahead;
    const int64_t start_us = clock.monotonic_us();
    Result<std::unique_ptr<Journal>> journal = Journal::open(options, disk, workers, random);
    if (!journal) {
      fmt::print(stderr, "{}\n", journal.error().message);
      return 1;
    }
    fmt::print("zeros {} MiB ahead; a new log opened in {} us\n", zero_ahead >> 20,
               clock.monotonic_us() - start_us);
    uint64_t number = 1;
    one_at_a_time(**journal, &number, 1'000, 3'000);
    one_at_a_time(**journal, &number, 50'000, 1'000);
    many_at_once(**journal, &number, 1'000, 200'000, 64);
    many_at_once(**journal, &number, 50'000, 20'000, 64);
    journal->reset();
    std::error_code removed;
    std::filesystem::remove_all(options.directory, removed);
    if (removed) fmt::print(stderr, "cannot remove {}\n", options.directory);
  }
  return 0;
}

}  // namespace
}  // namespace millstream::journal

int main(int argc, char** argv) {
  if (argc == 2) return millstream::journal::run(argv[1]);
  fmt::print(stderr, "usage: journal_benchmark DIRECTORY\n");
  return 1;
}
