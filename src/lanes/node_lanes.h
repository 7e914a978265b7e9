#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "lanes/housekeeping.h"
#include "lanes/lane_host.h"
#include "lanes/open.h"
#include "lanes/recovery.h"

namespace millstream::lanes {

// All lanes of one node: a LaneHost for each executor, and what they share.
class NodeLanes final : public OpenLanes {
 public:
  NodeLanes(const LanesOptions& options, journal::Journal& journal, store::Store& store,
            std::vector<io::Executor*> executors, RunBlocking run_blocking, Clock& clock,
            Recovered recovered);

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
  [[nodiscard]] ShardBounds bounds(ShardKey shard) override;
  io::Task<Result<uint64_t>> sequence_at(io::Executor& home, ShardKey shard,
                                         int64_t arrival_ms) override;
  void set_retention(uint64_t stream, int64_t retention_ms) override;
  void set_retention_complete() override;
  [[nodiscard]] std::string poisoned() const override;

 private:
  struct CommitAwaiter;

  RecordIndex& index_of(ShardKey shard) { return *indexes_[lane_of(shard)]; }
  [[nodiscard]] Result<Entries> scan_store(const store::Range& range, size_t entries_max,
                                           size_t bytes_max, store::Store::Reach reach);
  // Runs `work`, which may block, and goes on on `home` with what it returned.
  template <class T>
  io::Task<T> on_blocking_thread(io::Executor& home, std::function<T()> work);

  void keep_house_later();
  // One round; has the next one follow.
  io::Task<> keep_house();
  io::Task<> help_store(io::Executor& home, bool failed);
  // How far every host is, each asked on its own thread; goes on on `home`.
  io::Task<std::vector<LaneHost::Progress>> progress(io::Executor& home);

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

  Housekeeping housekeeping_;
  std::mutex housekeeping_mutex_;  // one call at a time
  std::atomic<bool> stopping_{false};

  // Of the rounds of housekeeping; owned by the first host's executor once started.
  struct Rounds {
    journal::Position flushed;
    int64_t flushed_ms = 0;
    int64_t trimmed_ms = 0;
    bool failed = false;
  };
  // A timer that comes when this is gone finds no rounds.
  const std::shared_ptr<Rounds> rounds_ = std::make_shared<Rounds>();
};

}  // namespace millstream::lanes
