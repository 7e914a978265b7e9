#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "lanes/housekeeping_rounds.h"
#include "lanes/lane_host.h"
#include "lanes/open.h"
#include "lanes/record_finder.h"
#include "lanes/recovery.h"
#include "lanes/retention.h"
#include "lanes/segment_indexes.h"

namespace millstream::lanes {

// All lanes of one node: a LaneHost for each executor, and what they share.
class NodeLanes final : public OpenLanes {
 public:
  NodeLanes(const LanesOptions& options, journal::Journal& journal, store::Store& store,
            std::unique_ptr<SegmentIndexes> files, std::vector<io::Executor*> executors,
            RunBlocking run_blocking, Clock& clock, Recovered recovered);

  void start() override;
  io::Task<Result<>> stop(io::Executor& home) override;

  [[nodiscard]] size_t lane_count() const override { return indexes_.size(); }
  [[nodiscard]] LaneId lane_of(uint64_t hash) const override;
  [[nodiscard]] LaneId lane_of(ShardKey shard) const override;
  io::Task<Result<>> commit(io::Executor& home, LaneId lane,
                            std::function<bool(Transaction&)> evaluate) override;
  io::Task<Result<>> settled(io::Executor& home) override;
  io::Task<Result<std::optional<std::string>>> get(io::Executor& home, std::string key) override;
  io::Task<Result<Entries>> scan(io::Executor& home, std::string from, std::string to,
                                 size_t entries_max, size_t bytes_max, bool reverse) override;
  Result<> scan_now(
      std::string_view from, std::string_view to,
      const std::function<Result<>(std::string_view, std::string_view)>& visit) override;
  void observe(std::string prefix, Observer observer) override;
  io::Task<Result<RecordBatch>> read(io::Executor& home, ShardKey shard, uint64_t sequence,
                                     ReadLimits limits) override;
  io::Task<bool> wait(io::Executor& home, ShardKey shard, uint64_t sequence,
                      int64_t timeout_us) override;
  [[nodiscard]] uint64_t next_sequence(ShardKey shard) override;
  io::Task<Result<uint64_t>> first_readable(io::Executor& home, ShardKey shard,
                                            uint64_t sequence) override;
  io::Task<Result<uint64_t>> sequence_at(io::Executor& home, ShardKey shard,
                                         int64_t arrival_ms) override;
  void end_shard(ShardKey shard) override;
  void set_retention(uint64_t stream, int64_t retention_ms) override;
  void set_retention_complete() override;
  [[nodiscard]] std::string poisoned() const override;

 private:
  struct CommitAwaiter;

  RecordIndex& index_of(ShardKey shard) { return *indexes_[lane_of(shard)]; }
  [[nodiscard]] Result<Entries> scan_store(const store::Range& range, size_t entries_max,
                                           size_t bytes_max, store::Store::Reach reach);
  Result<RecordBatch> read_cold(ShardKey shard, uint64_t sequence, const ReadLimits& limits);
  io::Task<Result<uint64_t>> looked_up(io::Executor& home,
                                       std::function<Result<uint64_t>()> look_up);

  // Constant after the constructor.
  const LanesOptions options_;
  journal::Journal& journal_;
  store::Store& store_;
  Clock& clock_;
  const RunBlocking run_blocking_;
  Metrics unseen_metrics_;  // counts when nobody wants to see it
  LaneMetrics metrics_;
  std::vector<std::unique_ptr<RecordIndex>> indexes_;  // by lane
  std::vector<std::unique_ptr<LaneHost>> hosts_;       // by executor
  Retention retention_;
  const std::unique_ptr<SegmentIndexes> files_;
  RecordFinder finder_;

  const journal::Position replayed_from_;
  HousekeepingRounds rounds_;
};

}  // namespace millstream::lanes
