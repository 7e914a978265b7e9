#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "io/executor.h"
#include "io/task.h"
#include "lanes/lanes.h"
#include "services/functions/function_version.h"
#include "services/functions/invoker.h"
#include "services/kinesis/catalog.h"
#include "services/triggers/active_mapping.h"
#include "services/triggers/kinesis_event.h"

namespace millstream::triggers {

// What all workers share. The references outlive the workers.
struct WorkerShared {
  lanes::Lanes& lanes;
  const kinesis::Catalog& streams;
  functions::FunctionSource& functions;
  functions::Invoker& invoker;
  Clock& clock;
  std::function<void(const std::string&)> warn;  // a sentence for the server's log; any thread
  std::atomic<bool> stopping{false};
  std::atomic<size_t> running{0};  // workers that haven't ended
};

// Brings the records of one shard to one mapping's function, batch after batch, in order.
//
// Operation: waits for the shard's next record, gathers a batch, calls the function until it
// succeeds, the mapping's limits are reached or the stream holds none of its records any more,
// writes the checkpoint, goes on. What is given up is told in the log and in last_result.
//
// A change of the mapping drops what was gathered and not called yet; a call that is under way is
// waited for. While the mapping is disabled the worker waits; when the mapping is deleted it erases
// the checkpoint and ends. Between a batch and its checkpoint a crash makes the batch come again:
// every record is delivered at least once.
//
// A shard whose parents are still there begins when everything of theirs is done. A closed shard
// that is done is kept in mind until it expires.
//
// Concurrency: a coroutine on one executor.
class ShardWorker {
 public:
  ShardWorker(std::shared_ptr<WorkerShared> shared, std::shared_ptr<ActiveMapping> mapping,
              uint32_t shard_index, io::Executor& home);

  // Runs until the mapping is deleted or the engine stops.
  static io::Task<> run(std::unique_ptr<ShardWorker> worker);

 private:
  using Config = std::shared_ptr<const Mapping>;
  struct Batch {
    KinesisEvent event;
    uint64_t next_sequence;  // the first record behind the batch
    int64_t newest_arrival_ms = 0;
    bool is_full = false;
    bool left_out = false;  // the last record, for no event can hold it
  };

  [[nodiscard]] bool ended() const {
    return shared_->stopping || mapping_->removed() || shard_gone_;
  }
  io::Task<> wait_for_parents();
  [[nodiscard]] bool parents_are_done(const kinesis::Stream& stream) const;
  // Whether no record will come at `sequence`: the shard is closed and ends there, or it is gone.
  [[nodiscard]] bool is_at_end(uint64_t sequence) const;
  io::Task<> load_position();
  io::Task<> run_once();
  // Whether `config` is still what the worker shall do.
  [[nodiscard]] bool is_current(const Config& config) const {
    return !ended() && mapping_->mapping() == config;
  }
  io::Task<> wait_for_record(uint64_t version, uint64_t sequence, int64_t timeout_us);
  io::Task<std::optional<Batch>> gather(Config config,
                                        std::shared_ptr<const kinesis::Stream> stream);
  // Adds what is there behind the batch; false if the shard can't be read.
  io::Task<bool> read_more(const Mapping& config, Batch& batch);
  void add_records(const Mapping& config, const lanes::RecordBatch& records, Batch& batch) const;
  // Goes on behind what retention has trimmed.
  io::Task<> skip_trimmed(Config config);
  void leave_out(const lanes::Record& record, KinesisEvent::Added why) const;
  io::Task<> finish(Config config, Batch batch);
  io::Task<std::optional<ProcessingResult>> deliver(Config config, Batch batch);
  io::Task<bool> call_function(Config config, std::string event);
  // Why a batch that failed isn't tried again; nothing if it is.
  io::Task<std::optional<ProcessingResult>> gives_up(Config config, uint64_t end_sequence,
                                                     int64_t newest_arrival_ms);
  io::Task<> write_checkpoint(uint64_t next_sequence, ProcessingResult result);
  io::Task<> erase_checkpoint();
  // Waits before the next try, longer each time; less if the mapping changes.
  io::Task<> back_off();
  void note(ProcessingResult result) const;
  void warn(const std::string& what) const;

  const std::shared_ptr<WorkerShared> shared_;
  const std::shared_ptr<ActiveMapping> mapping_;
  const lanes::ShardKey shard_;
  io::Executor& home_;
  uint64_t next_sequence_ = 0;  // the first record that isn't done
  bool begun_ = false;          // there is a checkpoint
  bool shard_gone_ = false;     // it expired
  int failures_ = 0;            // of the function, with the batch that begins at next_sequence_
  int tries_ = 0;               // in a row without success, for the backoff
};

}  // namespace millstream::triggers
