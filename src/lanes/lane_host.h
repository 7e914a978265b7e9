#pragma once

#include <atomic>
#include <coroutine>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "io/executor.h"
#include "journal/journal.h"
#include "lanes/lane_metrics.h"
#include "lanes/lane_transaction.h"
#include "lanes/lanes.h"
#include "store/store.h"

namespace millstream::lanes {

// One transaction under way: what to run and whom to wake. Lives in the coroutine that awaits it.
// Without anything to run it only waits until the host's earlier transactions are settled.
struct Commit {
  LaneId lane;
  std::function<bool(Transaction&)> evaluate;
  io::Executor* home;
  std::coroutine_handle<> awaiter;
  Result<> outcome;
};

// The lanes of one executor.
//
// Operation: `run` evaluates a transaction at once and leaves its frame in the open group. The
// group goes to the journal when the executor's queue comes round, so that everything that arrived
// together is synced together; at most two groups are with the journal, more arrivals gather
// meanwhile. A group that is durable is applied to the store in one batch and to the record index;
// then its observers, readers and transactions are woken.
//
// Failure: when the journal fails or the store is damaged, every transaction that isn't durable
// fails, and so do all later ones; reads go on. When the journal is short of space or descriptors,
// transactions fail until the groups under way are settled; then the lanes go back to what is
// durable and go on. When the store refuses a group for another reason, that group and those behind
// it are durable but not visible: they fail too (nobody can say whether they happened), are kept,
// and are applied once the store takes them; until then transactions fail.
//
// Limits: the open group takes frames up to kOpenGroupBytesMax; beyond it transactions wait their
// turn unevaluated, `backlog_max` of them; the next ones fail with kOverloaded.
//
// Concurrency: one thread, the executor's, but for `trouble`, `waits_for_store` and the
// constructor.
class LaneHost {
 public:
  // The store holds all of the journal.
  LaneHost(io::Executor& executor, journal::Journal& journal, store::Store& store, Clock& clock,
           LaneMetrics& metrics, size_t backlog_max)
      : executor_(executor),
        journal_(journal),
        store_(store),
        clock_(clock),
        metrics_(metrics),
        backlog_max_(backlog_max),
        applied_(journal.end()) {}

  // Before the first transaction.
  void add_lane(Lane lane);
  void add_observer(std::string prefix, Observer observer);

  [[nodiscard]] io::Executor& executor() { return executor_; }
  // Runs the transaction. True: its outcome is there now. False: `commit->awaiter` is resumed
  // later.
  [[nodiscard]] bool run(Commit* commit);

  // Every frame of these lanes before this position has been applied to the store, and what the
  // number of each lane's first frame behind those is.
  struct Progress {
    journal::Position applied;
    std::vector<std::pair<LaneId, uint64_t>> next_numbers;
    std::string failure;  // why nothing is committed any more
  };
  [[nodiscard]] Progress progress() const;
  // Why nothing is committed any more, or until the store works again; empty while all is well.
  // Thread-safe.
  [[nodiscard]] std::string trouble() const;
  // Whether groups wait for the store to take them. Thread-safe.
  [[nodiscard]] bool waits_for_store() const { return waits_for_store_.load(); }
  // Forgets where shards of deleted streams go on.
  void forget_shards(LaneId lane, const std::vector<ShardKey>& shards);
  // Hands the store what waits, and takes transactions again if that went well.
  void apply_waiting();
  [[nodiscard]] bool idle() const {
    return in_flight_.empty() && open_.frames.empty() && unapplied_.empty();
  }

 private:
  struct Frame {
    LaneId lane;
    uint64_t number;
    size_t header;  // offsets in the group's bytes
    size_t payload;
    size_t end;
  };
  struct OpenGroup {
    journal::Group group;
    std::vector<Frame> frames;
    std::vector<Commit*> waiting;
  };

  Lane& lane(LaneId id);
  [[nodiscard]] bool evaluate(Commit* commit);
  void wait_for(uint64_t group_id, Commit* commit);
  [[nodiscard]] bool wait_for_newest(Commit* commit);
  void schedule_submit();
  void submit_open_group();
  void on_committed(uint64_t group_id, Result<journal::CommittedGroup> committed);
  // Applies a group that became durable, or keeps it for later.
  Result<> settle(OpenGroup group, journal::CommittedGroup committed);
  Result<> apply(const OpenGroup& group, const journal::CommittedGroup& committed);
  void tell_observers(std::string_view key, std::optional<std::string_view> value) const;
  void run_backlog();
  void refuse_for_now(const Error& error);
  void fail_for_good(const Error& error);
  void fail_open_group(const Error& error);
  void go_back_to_durable();
  void set_trouble(std::string reason);
  static void finish(const std::vector<Commit*>& commits, const Result<>& outcome);

  // Constant after start.
  io::Executor& executor_;
  journal::Journal& journal_;
  store::Store& store_;
  Clock& clock_;
  LaneMetrics& metrics_;
  const size_t backlog_max_;
  std::vector<std::pair<std::string, Observer>> observers_;

  // Owned by the executor's thread.
  std::unordered_map<LaneId, Lane> lanes_;
  OpenGroup open_;
  uint64_t open_id_ = 1;
  std::deque<std::pair<uint64_t, OpenGroup>> in_flight_;  // by group id
  std::deque<Commit*> backlog_;                           // not evaluated yet
  bool submit_scheduled_ = false;
  std::deque<std::pair<OpenGroup, journal::CommittedGroup>> unapplied_;  // durable, in order
  std::optional<Error> refusal_;  // of all transactions until nothing is in flight or unapplied
  journal::Position applied_;
  std::optional<Error> failure_;

  std::atomic<bool> waits_for_store_{false};
  mutable std::mutex trouble_mutex_;
  std::string trouble_;  // guarded by trouble_mutex_
};

}  // namespace millstream::lanes
