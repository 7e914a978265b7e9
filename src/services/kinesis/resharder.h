#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "aws/error.h"
#include "io/executor.h"
#include "io/task.h"
#include "lanes/lanes.h"
#include "lanes/sweeper.h"
#include "services/kinesis/catalog.h"

namespace millstream::kinesis {

// Finishes changes of shards that a stream's document tells of (Stream::resharding), in the
// background and after a restart. A round is:
//
//   1. Each parent is sealed in its lane: what was put before stands in front of its end.
//   2. The stream's document closes the parents and opens the children, in one transaction.
//
// A put that meets a sealed parent waits for the second step and goes to the child. A crash before
// the second step leaves the parents open, and the round begins anew; no record is in a child by
// then. So no record is lost or doubled, and a key's records are in the order of their puts, the
// parent's in front of the child's.
//
// Concurrency: rounds run on the background executor; the other methods are thread-safe.
class Resharder {
 public:
  // References outlive it. `transition_ms`: how long a change takes at least.
  Resharder(lanes::Lanes& lanes, const Catalog& catalog, io::Executor& background,
            int64_t transition_ms, std::function<void(const std::string&)> warn);

  // There may be changes to finish.
  void wake() { sweeper_.wake(); }
  // As in lanes::Sweeper.
  void stop();
  [[nodiscard]] bool busy() const { return sweeper_.busy(); }

  // Begins the change that `plan` stores in the stream (Stream::resharding) and, without a
  // transition time, waits for its end. `plan` sees the stream as it is stored, which is ACTIVE,
  // and may refuse. Fails with AWS's ResourceNotFoundException or ResourceInUseException.
  using Plan = std::function<aws::Result<Stream>(Stream stream, int64_t now_ms)>;
  io::Task<aws::Result<Stream>> begin(io::Executor& home, std::shared_ptr<const Stream> stream,
                                      Plan plan);

 private:
  io::Task<std::optional<int64_t>> sweep();
  io::Task<bool> finish_round_of(std::shared_ptr<const Stream> stream);
  io::Task<Result<bool>> is_past(int64_t time_ms);
  io::Task<Result<std::vector<uint64_t>>> seal_parents(std::shared_ptr<const Stream> stream);
  io::Task<Result<uint64_t>> seal(lanes::ShardKey shard);
  io::Task<> finished(io::Executor& home, uint64_t stream);
  void tell_finished(uint64_t stream);

  using Waiter = std::shared_ptr<io::OneShot<bool>>;

  lanes::Lanes& lanes_;
  const Catalog& catalog_;
  io::Executor& background_;
  const int64_t transition_ms_;
  const std::function<void(const std::string&)> warn_;
  std::mutex mutex_;
  std::unordered_map<uint64_t, std::vector<Waiter>> waiters_;  // by stream; guarded by mutex_
  lanes::Sweeper sweeper_;
};

}  // namespace millstream::kinesis
