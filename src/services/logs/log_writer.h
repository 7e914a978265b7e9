#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/random.h"
#include "io/task.h"
#include "lanes/lanes.h"
#include "services/functions/log_sink.h"
#include "services/logs/keys.h"

namespace millstream::logs {

// Carries what functions print into their log streams, durably, in batches: while one batch is
// being written the next one gathers, so a busy function costs few transactions. The groups, and
// the streams within a group, take turns. Groups and streams are made when they are missing.
//
// Limits: holds kBufferBytesMax of messages, and for one group no more than is still free for the
// others: one alone gets a half, two get a third each, so there is always room for a quiet one.
// Past that it drops what comes and writes a line that says how many events are missing, when it
// can write again. A batch that can't be written is dropped and told the same way.
class LogWriter final : public functions::LogSink {
 public:
  LogWriter(lanes::Lanes& lanes, Random& random, io::Executor& background,
            std::function<void(const std::string&)> warn);

  // Thread-safe; never blocks on the disk.
  void write(const functions::LogTarget& target, std::vector<functions::LogEvent> events) override;

  // Goes on on the background executor once everything taken so far is durable (or dropped).
  io::Task<> flush();
  // Thread-safe: takes no more events.
  void stop();

  static constexpr size_t kBufferBytesMax = 16u << 20;

 private:
  struct Target {
    GroupAddress group;
    std::string stream;
  };
  struct Pending {
    std::deque<functions::LogEvent> events;
    uint64_t dropped = 0;
  };
  struct Group {
    std::map<std::string, Pending> streams;
    size_t bytes = 0;          // of all its events
    std::string served_last;  // the stream whose turn it was
  };
  struct Batch {
    Target target;
    std::vector<functions::LogEvent> events;
    size_t bytes = 0;
    uint64_t dropped = 0;
  };

  void begin();
  void forget_empty();
  io::Task<> run();
  bool take(Batch* batch);
  io::Task<Result<>> write_batch(Batch* batch);

  lanes::Lanes& lanes_;
  Random& random_;
  io::Executor& background_;
  const std::function<void(const std::string&)> warn_;

  std::mutex mutex_;
  // Guarded by mutex_.
  std::map<GroupAddress, Group> groups_;
  GroupAddress served_last_;
  size_t bytes_ = 0;
  bool running_ = false;
  bool stopped_ = false;
  std::vector<std::shared_ptr<io::OneShot<bool>>> waiters_;
};

}  // namespace millstream::logs
