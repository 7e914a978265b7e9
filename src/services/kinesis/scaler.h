#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "io/executor.h"
#include "io/task.h"
#include "lanes/sweeper.h"
#include "services/kinesis/catalog.h"
#include "services/kinesis/on_demand.h"
#include "services/kinesis/resharder.h"
#include "services/kinesis/shard_load.h"

namespace millstream::kinesis {

// Lets the shards of on-demand streams follow their load: looks at it once a pace, splits and
// merges through the resharder, and says in the log when one hash key alone is more than a shard
// can bear. Sleeps while no on-demand stream has load or more shards than the fewest.
//
// Concurrency: looks happen on the background executor; note() is thread-safe.
class Scaler {
 public:
  // How many shards the stream's account may still have.
  using RoomFor = std::function<size_t(const Stream& stream)>;

  // References outlive it.
  Scaler(lanes::Lanes& lanes, const Catalog& catalog, Resharder& resharder, const Clock& clock,
         io::Executor& background, const OnDemandSettings& settings, RoomFor room_for,
         std::function<void(const std::string&)> warn);

  // A producer wants to put a record into an on-demand stream.
  void note(lanes::ShardKey shard, HashKey hash, size_t bytes) {
    meter_.note(shard, hash, bytes);
    if (asleep_.load(std::memory_order_relaxed)) wake();
  }
  // There may be something to watch.
  void wake();
  // As in lanes::Sweeper.
  void stop() { sweeper_.stop(); }
  [[nodiscard]] bool busy() const { return sweeper_.busy(); }

 private:
  io::Task<std::optional<int64_t>> look();
  io::Task<bool> follow(std::shared_ptr<const Stream> stream, StreamLoad::Plan plan);
  void report(const Stream& stream, const StreamLoad::Plan& plan);

  const Catalog& catalog_;
  Resharder& resharder_;
  const Clock& clock_;
  io::Executor& background_;
  const OnDemandSettings settings_;
  const RoomFor room_for_;
  const std::function<void(const std::string&)> warn_;
  LoadMeter meter_;
  std::atomic<bool> asleep_{true};
  // On the background executor's thread.
  std::map<uint64_t, StreamLoad> streams_;              // by id
  std::map<lanes::ShardKey, int64_t> reported_hot_ms_;  // when; within the last minute
  int64_t last_look_us_ = 0;
  lanes::Sweeper sweeper_;
};

}  // namespace millstream::kinesis
