#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "io/executor.h"
#include "io/task.h"

namespace millstream::kinesis {

// One consumer's running subscription to one shard. Thread-safe.
class Subscription {
 public:
  explicit Subscription(int64_t began_ms) : began_ms_(began_ms) {}

  [[nodiscard]] int64_t began_ms() const { return began_ms_; }
  // Another call of the same consumer has taken its place.
  void take_over();
  [[nodiscard]] bool taken_over() const;

  // A wait of the subscription's coroutine: wake() ends it, as does whoever sets `woken`. At most
  // one at a time; a wake before it counts.
  using Woken = std::shared_ptr<io::OneShot<bool>>;
  void begin_wait(Woken woken);
  void end_wait();
  void wake();

 private:
  const int64_t began_ms_;
  mutable std::mutex mutex_;
  Woken waiting_;            // guarded by mutex_; nullptr: it doesn't wait
  bool woken_ = false;       // guarded by mutex_; since the last wait
  bool taken_over_ = false;  // guarded by mutex_
};

// The subscriptions of the node. Thread-safe.
class Subscriptions {
 public:
  // Begins one; nullptr if the consumer began one to the shard less than 5 s before. An older one
  // is taken over.
  std::shared_ptr<Subscription> begin(const std::string& consumer_arn, uint32_t shard,
                                      int64_t now_ms);
  // Forgets it, unless another has taken its place.
  void end(const std::string& consumer_arn, uint32_t shard,
           const std::shared_ptr<Subscription>& subscription);

 private:
  std::mutex mutex_;
  std::map<std::pair<std::string, uint32_t>, std::shared_ptr<Subscription>> running_;
};

}  // namespace millstream::kinesis
