#include "services/kinesis/shard_load.h"

#include <algorithm>

namespace millstream::kinesis {

void ShardLoad::add(HashKey hash, size_t record_bytes, double weight) {
  bytes += static_cast<int64_t>(record_bytes);
  ++records;
  until_next_ -= weight;
  if (until_next_ > 0) return;
  until_next_ += std::max(step_, weight);
  samples.push_back(hash);
  if (samples.size() < kSamplesMax) return;
  // Every other one stands for the two from now on.
  for (size_t i = 0; 2 * i < samples.size(); ++i) samples[i] = samples[2 * i];
  samples.resize(samples.size() / 2);
  step_ = 2 * std::max(step_, weight);
}

void LoadMeter::note(lanes::ShardKey shard, HashKey hash, size_t bytes) {
  const double weight = std::max(static_cast<double>(bytes) / bytes_max_, 1 / records_max_);
  Part& part = parts_[(shard.stream + shard.shard) % kParts];
  const std::lock_guard lock(part.mutex);
  part.loads[shard].add(hash, bytes, weight);
}

std::map<lanes::ShardKey, ShardLoad> LoadMeter::take() {
  std::map<lanes::ShardKey, ShardLoad> all;
  for (Part& part : parts_) {
    const std::lock_guard lock(part.mutex);
    all.merge(part.loads);
    part.loads.clear();
  }
  return all;
}

}  // namespace millstream::kinesis
