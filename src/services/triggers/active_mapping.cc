#include "services/triggers/active_mapping.h"

#include <utility>

namespace millstream::triggers {

std::shared_ptr<const Mapping> ActiveMapping::mapping() const {
  std::lock_guard lock(mutex_);
  return mapping_;
}

void ActiveMapping::change(std::shared_ptr<const Mapping> mapping) {
  {
    std::lock_guard lock(mutex_);
    mapping_ = std::move(mapping);
  }
  signal_.notify();
}

void ActiveMapping::remove() {
  removed_ = true;
  signal_.notify();
}

void ActiveMapping::note(ProcessingResult result, int64_t at_ms) {
  std::lock_guard lock(mutex_);
  if (at_ms < last_result_ms_) return;
  last_result_ = result;
  last_result_ms_ = at_ms;
}

ProcessingResult ActiveMapping::last_result() const {
  std::lock_guard lock(mutex_);
  return last_result_;
}

bool ActiveMapping::begin_shard(uint32_t shard) {
  std::lock_guard lock(mutex_);
  return begun_shards_.insert(shard).second;
}

void ActiveMapping::finish_shard(uint32_t shard) {
  {
    std::lock_guard lock(mutex_);
    if (!finished_shards_.insert(shard).second) return;
  }
  signal_.notify();
}

bool ActiveMapping::is_finished(uint32_t shard) const {
  std::lock_guard lock(mutex_);
  return finished_shards_.contains(shard);
}

std::string ActiveMapping::state() const {
  if (mapping()->enabled) return "Enabled";
  return batches_ > 0 ? "Disabling" : "Disabled";
}

}  // namespace millstream::triggers
