#include "sim/model/trigger_model.h"

#include <fmt/format.h>

#include <algorithm>

namespace millstream::sim {
namespace {

// Whether each record of [from, to) may have been trimmed; there may be none. Not if `to` is below.
bool all_may_be_gone(const ShardModel& records, uint64_t from, uint64_t to,
                     int64_t wall_ms_highest) {
  for (uint64_t sequence = from; sequence < to; ++sequence) {
    if (!records.may_be_gone(sequence, wall_ms_highest)) return false;
  }
  return from <= to;
}

}  // namespace

void TriggerModel::set_starts(const std::vector<uint64_t>& starts) {
  for (uint32_t i = 0; i < starts.size(); ++i) {
    Shard& shard = shards_[i];
    if (shard.start_known) continue;
    shard.start_known = true;
    if (starts[i] > 0) shard.finished = std::max(shard.finished, starts[i] - 1);
  }
}

void TriggerModel::begin(const Event& event, uint64_t moment, int64_t wall_ms_highest) {
  Shard& shard = shards_[event.shard];
  const std::string who = "an event of " + function_;
  for (const SeenRecord& record : event.records) {
    stream_->shards[event.shard].check_seen(record, moment, who);
  }
  check_batch(event, shard, wall_ms_highest);
  shard.under_way = true;
}

void TriggerModel::check_batch(const Event& event, const Shard& shard, int64_t wall_ms_highest) {
  const ShardModel& records = stream_->shards[event.shard];
  const uint64_t first = event.records.front().sequence;
  for (size_t i = 1; i < event.records.size(); ++i) {
    const uint64_t expected = event.records[i - 1].sequence + 1;
    // What is too old may be trimmed while the batch is gathered.
    if (all_may_be_gone(records, expected, event.records[i].sequence, wall_ms_highest)) continue;
    findings_.add(
        "events are in order",
        fmt::format("{}, shard {}: sequence {} follows {} in an event", function_, event.shard,
                    event.records[i].sequence, event.records[i - 1].sequence));
  }
  if (shard.under_way) {
    findings_.add(
        "one batch of a shard at a time",
        fmt::format("{}, shard {}: called while a call is under way", function_, event.shard));
  }
  if (first <= shard.finished_in_process) {
    findings_.add("what is done isn't delivered again",
                  fmt::format("{}, shard {}: sequence {} comes again; {} is done in this process",
                              function_, event.shard, first, shard.finished_in_process));
  }
  if (!shard.start_known) return;  // nobody knows yet where it began
  const uint64_t expected = shard.finished + 1;
  if (first < expected) return;  // again, after a crash
  if (all_may_be_gone(records, expected, first, wall_ms_highest)) return;
  findings_.add(
      "no checkpoint beyond what is finished",
      fmt::format("{}, shard {}: an event begins with sequence {}, but what stands behind "
                  "{} was never finished",
                  function_, event.shard, first, shard.finished));
}

void TriggerModel::end(const Event& event, Outcome outcome) {
  Shard& shard = shards_[event.shard];
  shard.under_way = false;
  if (outcome == Outcome::kNotRun) return;
  bool is_finished = outcome == Outcome::kSucceeded;
  if (!is_finished) {
    const uint64_t first = event.records.front().sequence;
    shard.failures = shard.failures_of == first ? shard.failures + 1 : 1;
    shard.failures_of = first;
    is_finished = retry_attempts_max_ >= 0 && shard.failures > retry_attempts_max_;
  }
  if (!is_finished) return;
  shard.finished_in_process = event.records.back().sequence;
  shard.finished = std::max(shard.finished, shard.finished_in_process);
}

void TriggerModel::process_died() {
  undecided = false;
  for (auto& [index, shard] : shards_) {
    shard.finished_in_process = 0;
    shard.failures = 0;
    shard.failures_of = 0;
    shard.under_way = false;
  }
}

bool TriggerModel::is_done(int64_t wall_ms_highest) const {
  for (const auto& [index, shard] : shards_) {
    const ShardModel& records = stream_->shards[index];
    const uint64_t newest = records.newest_sequence();
    if (newest <= shard.finished) continue;
    if (!all_may_be_gone(records, shard.finished + 1, newest + 1, wall_ms_highest)) return false;
  }
  return true;
}

std::string TriggerModel::progress_text() const {
  std::string text = function_;
  for (const auto& [index, shard] : shards_) {
    text += fmt::format("; shard {}: finished {} of {}", index, shard.finished,
                        stream_->shards[index].newest_sequence());
  }
  return text;
}

}  // namespace millstream::sim
