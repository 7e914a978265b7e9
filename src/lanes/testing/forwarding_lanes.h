#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "lanes/lanes.h"

namespace millstream::lanes::testing {

// Passes everything on: the base of lanes that do one thing otherwise in a test.
class ForwardingLanes : public Lanes {
 public:
  explicit ForwardingLanes(Lanes& lanes) : lanes_(lanes) {}

  [[nodiscard]] size_t lane_count() const override { return lanes_.lane_count(); }
  [[nodiscard]] LaneId lane_of(uint64_t hash) const override { return lanes_.lane_of(hash); }
  [[nodiscard]] LaneId lane_of(ShardKey shard) const override { return lanes_.lane_of(shard); }
  io::Task<Result<>> commit(io::Executor& home, LaneId lane,
                            std::function<bool(Transaction&)> evaluate) override {
    return lanes_.commit(home, lane, std::move(evaluate));
  }
  io::Task<Result<>> settled(io::Executor& home) override { return lanes_.settled(home); }
  io::Task<Result<std::optional<std::string>>> get(io::Executor& home, std::string key) override {
    return lanes_.get(home, std::move(key));
  }
  io::Task<Result<Entries>> scan(io::Executor& home, std::string from, std::string to,
                                 size_t entries_max, size_t bytes_max, bool reverse) override {
    return lanes_.scan(home, std::move(from), std::move(to), entries_max, bytes_max, reverse);
  }
  Result<> scan_now(
      std::string_view from, std::string_view to,
      const std::function<Result<>(std::string_view, std::string_view)>& visit) override {
    return lanes_.scan_now(from, to, visit);
  }
  void observe(std::string prefix, Observer observer) override {
    lanes_.observe(std::move(prefix), std::move(observer));
  }
  io::Task<Result<RecordBatch>> read(io::Executor& home, ShardKey shard, uint64_t sequence,
                                     ReadLimits limits) override {
    return lanes_.read(home, shard, sequence, limits);
  }
  io::Task<bool> wait(io::Executor& home, ShardKey shard, uint64_t sequence,
                      int64_t timeout_us) override {
    return lanes_.wait(home, shard, sequence, timeout_us);
  }
  [[nodiscard]] uint64_t next_sequence(ShardKey shard) override {
    return lanes_.next_sequence(shard);
  }
  io::Task<Result<uint64_t>> first_readable(io::Executor& home, ShardKey shard,
                                            uint64_t sequence) override {
    return lanes_.first_readable(home, shard, sequence);
  }
  io::Task<Result<uint64_t>> sequence_at(io::Executor& home, ShardKey shard,
                                         int64_t arrival_ms) override {
    return lanes_.sequence_at(home, shard, arrival_ms);
  }
  void end_shard(ShardKey shard) override { lanes_.end_shard(shard); }
  void set_retention(uint64_t stream, int64_t retention_ms) override {
    lanes_.set_retention(stream, retention_ms);
  }
  void set_retention_complete() override { lanes_.set_retention_complete(); }
  [[nodiscard]] std::string poisoned() const override { return lanes_.poisoned(); }

 protected:
  Lanes& lanes_;
};

}  // namespace millstream::lanes::testing
