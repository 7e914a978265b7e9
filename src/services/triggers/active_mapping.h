#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "io/signal.h"
#include "services/triggers/checkpoint.h"
#include "services/triggers/mapping.h"

namespace millstream::triggers {

// A mapping that exists, shared by its shards' workers and by whoever asks about it. Thread-safe.
class ActiveMapping {
 public:
  explicit ActiveMapping(std::shared_ptr<const Mapping> mapping) : mapping_(std::move(mapping)) {}

  // The mapping as it is now; another pointer after every change.
  [[nodiscard]] std::shared_ptr<const Mapping> mapping() const;
  void change(std::shared_ptr<const Mapping> mapping);
  // The mapping was deleted: its workers end.
  void remove();
  [[nodiscard]] bool removed() const { return removed_; }
  // Told of every change.
  [[nodiscard]] io::Signal& signal() { return signal_; }

  // Remembers how a batch ended; of several shards the newest counts.
  void note(ProcessingResult result, int64_t at_ms);
  [[nodiscard]] ProcessingResult last_result() const;

  // How old the newest record of the last batch was when the function got it; 0 before the first.
  void note_iterator_age(int64_t age_ms) { iterator_age_ms_ = age_ms; }
  [[nodiscard]] int64_t iterator_age_ms() const { return iterator_age_ms_; }

  // Whether the shard has no worker yet; from now on it has one.
  [[nodiscard]] bool begin_shard(uint32_t shard);
  // Everything of a closed shard is done: its children may begin.
  void finish_shard(uint32_t shard);
  [[nodiscard]] bool is_finished(uint32_t shard) const;

  // Between these two a batch of one shard is with the function.
  void begin_batch() { ++batches_; }
  void end_batch() { --batches_; }
  // "Enabled", "Disabling" or "Disabled".
  [[nodiscard]] std::string state() const;

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Mapping> mapping_;                  // guarded by mutex_
  ProcessingResult last_result_ = ProcessingResult::kNone;  // guarded by mutex_
  int64_t last_result_ms_ = 0;                              // guarded by mutex_
  std::set<uint32_t> begun_shards_;                         // guarded by mutex_
  std::set<uint32_t> finished_shards_;                      // guarded by mutex_
  std::atomic<bool> removed_{false};
  std::atomic<int> batches_{0};
  std::atomic<int64_t> iterator_age_ms_{0};
  io::Signal signal_;
};

}  // namespace millstream::triggers
