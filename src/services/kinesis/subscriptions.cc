#include "services/kinesis/subscriptions.h"

namespace millstream::kinesis {
namespace {

// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_SubscribeToShard.html
constexpr int64_t kTakeoverAfterMs = 5'000;

}  // namespace

std::shared_ptr<Subscription> Subscriptions::begin(const std::string& consumer_arn, uint32_t shard,
                                                   int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  std::shared_ptr<Subscription>& running = running_[{consumer_arn, shard}];
  if (running && now_ms - running->began_ms() < kTakeoverAfterMs) return nullptr;
  if (running) running->take_over();
  running = std::make_shared<Subscription>(now_ms);
  return running;
}

void Subscriptions::end(const std::string& consumer_arn, uint32_t shard,
                        const std::shared_ptr<Subscription>& subscription) {
  const std::lock_guard lock(mutex_);
  const auto found = running_.find({consumer_arn, shard});
  if (found != running_.end() && found->second == subscription) running_.erase(found);
}

}  // namespace millstream::kinesis
