#include "services/triggers/shard_worker.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "lanes/record_wait.h"

namespace millstream::triggers {
namespace {

constexpr int64_t kSecondUs = 1'000'000;
constexpr int64_t kIdleWaitUs = 60 * kSecondUs;  // nothing is due then; it bounds forgotten waits
constexpr int64_t kBackoffFirstUs = 100'000;
constexpr int64_t kBackoffMaxUs = 60 * kSecondUs;
constexpr size_t kBatchBytesMax = kEventBytesMax;  // of payload; more never fits into an event

}  // namespace

ShardWorker::ShardWorker(std::shared_ptr<WorkerShared> shared,
                         std::shared_ptr<ActiveMapping> mapping, uint32_t shard_index,
                         io::Executor& home)
    : shared_(std::move(shared)),
      mapping_(std::move(mapping)),
      shard_{mapping_->mapping()->stream_id, shard_index},
      home_(home) {}

io::Task<> ShardWorker::run(std::unique_ptr<ShardWorker> worker) {
  co_await worker->wait_for_parents();
  if (!worker->ended()) co_await worker->load_position();
  while (!worker->ended()) co_await worker->run_once();
  const bool forget =
      (worker->mapping_->removed() || worker->shard_gone_) && !worker->shared_->stopping;
  if (forget) co_await worker->erase_checkpoint();
  --worker->shared_->running;
}

io::Task<> ShardWorker::wait_for_parents() {
  while (!ended()) {
    const uint64_t version = mapping_->signal().version();
    const auto stream = shared_->streams.find_id(shard_.stream);
    if (!stream || parents_are_done(*stream)) co_return;
    co_await mapping_->signal().wait_beyond(home_, version, kIdleWaitUs);
  }
}

bool ShardWorker::parents_are_done(const kinesis::Stream& stream) const {
  const kinesis::Shard* const shard = stream.shard_at(shard_.shard);
  if (shard == nullptr) return true;
  for (const std::optional<uint32_t>& parent : {shard->parent, shard->adjacent_parent}) {
    if (parent && stream.shard_at(*parent) != nullptr && !mapping_->is_finished(*parent)) {
      return false;
    }
  }
  return true;
}

bool ShardWorker::is_at_end(uint64_t sequence) const {
  const auto stream = shared_->streams.find_id(shard_.stream);
  const kinesis::Shard* const shard = stream ? stream->shard_at(shard_.shard) : nullptr;
  if (shard == nullptr) return true;
  return shard->closed && sequence >= shard->closed->end_sequence;
}

void ShardWorker::note(ProcessingResult result) const {
  mapping_->note(result, shared_->clock.wall_ms());
}

void ShardWorker::warn(const std::string& what) const {
  const Config config = mapping_->mapping();
  shared_->warn(fmt::format("trigger {} ({} to {}), shard {}: {}", config->uuid, config->stream_arn,
                            config->function_name, shard_.shard, what));
}

io::Task<> ShardWorker::load_position() {
  const Config config = mapping_->mapping();
  const bool is_younger = shard_.shard >= config->starts.size();
  next_sequence_ = is_younger ? 1 : config->starts[shard_.shard];
  while (!ended()) {
    std::string key = checkpoint_key(shard_, config->uuid);
    auto value = co_await shared_->lanes.get(home_, std::move(key));
    if (value) {
      if (!*value) co_return;
      const std::optional<Checkpoint> checkpoint = decode_checkpoint(**value);
      if (checkpoint) {
        next_sequence_ = checkpoint->next_sequence;
        begun_ = true;
        mapping_->note(checkpoint->result, checkpoint->at_ms);
        co_return;
      }
    }
    warn("its checkpoint can't be read" + (value ? "" : ": " + value.error().message));
    note(ProcessingResult::kReadFailed);
    co_await back_off();
  }
}

io::Task<> ShardWorker::run_once() {
  const uint64_t version = mapping_->signal().version();
  const Config config = mapping_->mapping();
  if (!config->enabled || ended()) {
    co_await mapping_->signal().wait_beyond(home_, version, kIdleWaitUs);
    co_return;
  }
  const std::shared_ptr<const kinesis::Stream> stream = shared_->streams.find_id(shard_.stream);
  if (!stream) {
    note(ProcessingResult::kStreamNotFound);
    co_await mapping_->signal().wait_beyond(home_, version, kIdleWaitUs);
    co_return;
  }
  shard_gone_ = stream->shard_at(shard_.shard) == nullptr;
  if (shard_gone_) co_return;
  if (is_at_end(next_sequence_)) {
    mapping_->finish_shard(shard_.shard);
    co_await mapping_->signal().wait_beyond(home_, version, kIdleWaitUs);
    co_return;
  }
  co_await skip_trimmed(config);
  co_await wait_for_record(version, next_sequence_, kIdleWaitUs);
  const bool there = shared_->lanes.next_sequence(shard_) > next_sequence_;
  if (!there || !is_current(config)) co_return;
  std::optional<Batch> batch = co_await gather(config, stream);
  if (!batch) co_return;
  if (batch->next_sequence == next_sequence_) {  // trimmed between the wait and the read
    co_await back_off();
    co_return;
  }
  // In this order: whoever disabled the mapping sees the batch, or the batch sees that.
  mapping_->begin_batch();
  if (is_current(config)) co_await finish(config, std::move(*batch));
  mapping_->end_batch();
}

io::Task<> ShardWorker::skip_trimmed(Config config) {
  const Result<uint64_t> first =
      co_await shared_->lanes.first_readable(home_, shard_, next_sequence_);
  // What can't be found out now is found out by the read.
  if (!first || *first <= next_sequence_) co_return;
  // TRIM_HORIZON begins with the first that is there.
  if (begun_ || config->starting_position != "TRIM_HORIZON") {
    warn(fmt::format("{} records before sequence {} are lost to it: the stream holds them no more",
                     *first - next_sequence_, *first));
    note(ProcessingResult::kRecordsExpired);
  }
  next_sequence_ = *first;
}

// Delivers the batch, if anything of it is to be delivered, and writes down that it is done.
io::Task<> ShardWorker::finish(Config config, Batch batch) {
  const uint64_t next_sequence = batch.next_sequence;
  const bool left_out = batch.left_out;
  std::optional<ProcessingResult> result = ProcessingResult::kRecordsExpired;
  if (batch.event.record_count() > 0) result = co_await deliver(config, std::move(batch));
  if (!result) co_return;
  if (left_out) result = ProcessingResult::kRecordTooLarge;
  note(*result);
  co_await write_checkpoint(next_sequence, *result);
}

// Goes on when a record is there, the mapping changes, or the time has passed.
io::Task<> ShardWorker::wait_for_record(uint64_t version, uint64_t sequence, int64_t timeout_us) {
  return lanes::wait_for_record(shared_->lanes, home_, shard_, sequence, timeout_us,
                                mapping_->signal(), version);
}

// A batch that is full, or whose window has passed; nothing if the mapping has changed meanwhile.
io::Task<std::optional<ShardWorker::Batch>> ShardWorker::gather(
    Config config, std::shared_ptr<const kinesis::Stream> stream) {
  const auto function =
      shared_->functions.find(config->account, config->region, config->function_name);
  const std::string role_arn = function ? function->role_arn : "";
  Batch batch{KinesisEvent(*stream, *stream->shard_at(shard_.shard), role_arn), next_sequence_};
  const int64_t deadline_us = shared_->clock.monotonic_us() + config->batching_window_s * kSecondUs;
  for (;;) {
    // The signal may tell of something else than a change of the mapping.
    const uint64_t version = mapping_->signal().version();
    if (!is_current(config)) co_return std::nullopt;
    const bool read = co_await read_more(*config, batch);
    if (!read) co_return std::nullopt;
    if (batch.is_full || is_at_end(batch.next_sequence)) break;
    const int64_t left_us = deadline_us - shared_->clock.monotonic_us();
    if (left_us <= 0) break;
    co_await wait_for_record(version, batch.next_sequence, left_us);
  }
  co_return batch;
}

io::Task<bool> ShardWorker::read_more(const Mapping& config, Batch& batch) {
  const size_t room = static_cast<size_t>(config.batch_size) - batch.event.record_count();
  const lanes::ReadLimits limits{.records_max = room, .bytes_max = kBatchBytesMax};
  Result<lanes::RecordBatch> records =
      co_await shared_->lanes.read(home_, shard_, batch.next_sequence, limits);
  if (!records) {
    warn("the shard can't be read: " + records.error().message);
    note(ProcessingResult::kReadFailed);
    co_await back_off();
    co_return false;
  }
  batch.is_full = records->records.size() >= room || !records->at_tip;
  add_records(config, *records, batch);
  co_return true;
}

void ShardWorker::add_records(const Mapping& config, const lanes::RecordBatch& records,
                              Batch& batch) const {
  const int64_t oldest_ms = config.record_age_max_s < 0
                                ? INT64_MIN
                                : shared_->clock.wall_ms() - config.record_age_max_s * 1000LL;
  size_t expired = 0;
  for (const lanes::Record& record : records.records) {
    expired += record.sequence - batch.next_sequence;  // trimmed since the batch was begun
    if (record.arrival_ms < oldest_ms) {
      ++expired;
    } else {
      const KinesisEvent::Added added = batch.event.add(record);
      batch.is_full |= added != KinesisEvent::Added::kYes;
      if (added == KinesisEvent::Added::kFull) break;
      batch.newest_arrival_ms = record.arrival_ms;
      if (added != KinesisEvent::Added::kYes) {
        leave_out(record, added);
        batch.left_out = true;
      }
    }
    batch.next_sequence = record.sequence + 1;
    if (batch.left_out) break;
  }
  // All that stood there was trimmed: the next read begins behind it.
  if (records.records.empty() && records.next_sequence > batch.next_sequence) {
    expired += records.next_sequence - batch.next_sequence;
    batch.next_sequence = records.next_sequence;
  }
  if (expired > 0) {
    warn(fmt::format("{} records before sequence {} are discarded: they are too old", expired,
                     batch.next_sequence));
  }
}

void ShardWorker::leave_out(const lanes::Record& record, KinesisEvent::Added why) const {
  warn(fmt::format("the record with sequence {} is discarded: {}", record.sequence,
                   why == KinesisEvent::Added::kNeverFits ? "its event would be larger than 6 MB"
                                                          : "it isn't a Kinesis record"));
}

// How the batch ended, delivered or given up; nothing when it is to be read again.
io::Task<std::optional<ProcessingResult>> ShardWorker::deliver(Config config, Batch batch) {
  mapping_->note_iterator_age(shared_->clock.wall_ms() - batch.newest_arrival_ms);
  const std::string event = batch.event.text();
  for (;;) {
    const bool succeeded = co_await call_function(config, event);
    if (succeeded) co_return ProcessingResult::kOk;
    const std::optional<ProcessingResult> result =
        co_await gives_up(config, batch.next_sequence, batch.newest_arrival_ms);
    if (result) {
      warn(fmt::format(
          "the batch of {} records before sequence {} is discarded after {} failures: {}",
          batch.event.record_count(), batch.next_sequence, failures_,
          processing_result_text(*result)));
      co_return *result;
    }
    if (ended()) co_return std::nullopt;
    co_await back_off();
    if (!is_current(config)) co_return std::nullopt;
  }
}

io::Task<std::optional<ProcessingResult>> ShardWorker::gives_up(Config config,
                                                                uint64_t end_sequence,
                                                                int64_t newest_arrival_ms) {
  if (config->retry_attempts_max >= 0 && failures_ > config->retry_attempts_max) {
    co_return ProcessingResult::kFunctionFailed;
  }
  if (!shared_->streams.find_id(shard_.stream)) co_return ProcessingResult::kStreamNotFound;
  const Result<uint64_t> first =
      co_await shared_->lanes.first_readable(home_, shard_, end_sequence - 1);
  const bool trimmed = first && *first >= end_sequence;
  const int64_t age_ms = shared_->clock.wall_ms() - newest_arrival_ms;
  const bool too_old = config->record_age_max_s >= 0 && age_ms > config->record_age_max_s * 1000LL;
  if (trimmed || too_old) co_return ProcessingResult::kRecordsExpired;
  co_return std::nullopt;
}

io::Task<bool> ShardWorker::call_function(Config config, std::string event) {
  functions::Invocation invocation;
  invocation.account = config->account;
  invocation.region = config->region;
  invocation.function_name = config->function_name;
  invocation.payload = std::move(event);
  functions::InvokeOutcome outcome = co_await shared_->invoker.invoke(home_, std::move(invocation));
  const bool answered = outcome.status == functions::InvokeStatus::kAnswered;
  const bool succeeded = answered && outcome.function_error.empty();
  // What never ran doesn't count against the mapping's retries.
  if (answered && !succeeded) ++failures_;
  if (outcome.status == functions::InvokeStatus::kFailed) warn(outcome.failure);
  if (outcome.status != functions::InvokeStatus::kStopped) {
    note(succeeded ? ProcessingResult::kOk : ProcessingResult::kFunctionFailed);
  }
  co_return succeeded;
}

// Tries until it is written: calling the function again instead would only repeat what is done.
io::Task<> ShardWorker::write_checkpoint(uint64_t next_sequence, ProcessingResult result) {
  const std::string key = checkpoint_key(shard_, mapping_->mapping()->uuid);
  const Checkpoint checkpoint{next_sequence, result, shared_->clock.wall_ms()};
  const std::string value = encode(checkpoint);
  const lanes::LaneId lane = shared_->lanes.lane_of(shard_);
  for (;;) {
    auto body = [&](lanes::Transaction& transaction) -> Result<> {
      transaction.put(key, value);
      return {};
    };
    Result<> written = co_await shared_->lanes.run(home_, lane, std::move(body));
    if (written) break;
    if (ended()) co_return;
    warn("its checkpoint can't be written: " + written.error().message);
    co_await back_off();
  }
  next_sequence_ = next_sequence;
  begun_ = true;
  failures_ = 0;
  tries_ = 0;
}

io::Task<> ShardWorker::erase_checkpoint() {
  const std::string key = checkpoint_key(shard_, mapping_->mapping()->uuid);
  const lanes::LaneId lane = shared_->lanes.lane_of(shard_);
  auto body = [&](lanes::Transaction& transaction) -> Result<> {
    transaction.erase(key);
    return {};
  };
  Result<> erased = co_await shared_->lanes.run(home_, lane, std::move(body));
  // The engine erases what is left at the next start.
  if (!erased) warn("its checkpoint can't be erased: " + erased.error().message);
}

io::Task<> ShardWorker::back_off() {
  const int doublings = std::min(tries_++, 20);
  const int64_t delay_us = std::min(kBackoffFirstUs << doublings, kBackoffMaxUs);
  co_await mapping_->signal().wait_beyond(home_, mapping_->signal().version(), delay_us);
}

}  // namespace millstream::triggers
