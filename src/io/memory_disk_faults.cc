// What a test tells a disk in memory to do wrong, and what it asks of it.
#include "io/memory_disk.h"

namespace millstream::io {

void MemoryDisk::lose_power(uint64_t seed) {
  std::lock_guard lock(mutex_);
  if (powered_) lose_power_locked(seed);
}

void MemoryDisk::lose_power_after(uint64_t operations, uint64_t seed) {
  std::lock_guard lock(mutex_);
  power_fails_at_ = writes_ + syncs_ + operations;
  power_seed_ = seed;
}

void MemoryDisk::restore_power() {
  std::lock_guard lock(mutex_);
  powered_ = true;
}

void MemoryDisk::crash(uint64_t seed) {
  lose_power(seed);
  restore_power();
}

void MemoryDisk::fail_write_after(uint64_t count, ErrorCode code) {
  std::lock_guard lock(mutex_);
  fail_write_at_ = writes_ + count;
  write_failure_ = code;
}

void MemoryDisk::fail_sync_after(uint64_t count) {
  std::lock_guard lock(mutex_);
  fail_sync_at_ = syncs_ + count;
}

void MemoryDisk::set_capacity(uint64_t bytes) {
  std::lock_guard lock(mutex_);
  capacity_ = bytes;
}

void MemoryDisk::refuse_opens(bool refuse) {
  std::lock_guard lock(mutex_);
  refuses_opens_ = refuse;
}

uint64_t MemoryDisk::used_bytes() const {
  std::lock_guard lock(mutex_);
  return used_;
}

uint64_t MemoryDisk::writes() const {
  std::lock_guard lock(mutex_);
  return writes_;
}

uint64_t MemoryDisk::syncs() const {
  std::lock_guard lock(mutex_);
  return syncs_;
}

}  // namespace millstream::io
