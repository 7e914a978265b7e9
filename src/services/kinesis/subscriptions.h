#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "io/signal.h"

namespace millstream::kinesis {

// One consumer's running subscription to one shard. Thread-safe.
class Subscription {
 public:
  explicit Subscription(int64_t began_ms) : began_ms_(began_ms) {}

  [[nodiscard]] int64_t began_ms() const { return began_ms_; }
  // Another call of the same consumer has taken its place.
  void take_over() {
    taken_over_ = true;
    signal_.notify();
  }
  [[nodiscard]] bool taken_over() const { return taken_over_; }
  // Told when there may be a reason to end.
  [[nodiscard]] io::Signal& signal() { return signal_; }

 private:
  const int64_t began_ms_;
  std::atomic<bool> taken_over_{false};
  io::Signal signal_;
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
