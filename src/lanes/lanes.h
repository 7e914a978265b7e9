#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "io/executor.h"
#include "io/task.h"
#include "lanes/transaction.h"

namespace millstream::lanes {

// One record as it is read back; `payload` lives as long as the RecordBatch that holds it.
struct Record {
  uint64_t sequence;
  int64_t arrival_ms;
  std::string_view payload;
};

struct RecordBatch {
  std::vector<Record> records;
  uint64_t next_sequence = 0;  // where the next read starts
  bool at_tip = false;         // nothing durable stands at or after next_sequence
  std::vector<std::shared_ptr<const std::string>> owners;  // of the payloads
};

struct ReadLimits {
  size_t records_max = 10'000;
  size_t bytes_max = 10u << 20;  // of payload; the first record is given whatever its size
};

// Told after a transaction became durable and visible, before its caller goes on, on the lane's
// thread, for every key below the prefix that it was registered for. Keep it short; don't wait.
// `value` is empty for an erased key. Catalogues in memory are kept true this way.
using Observer = std::function<void(std::string_view key, std::optional<std::string_view> value)>;

// The single-writer executor: every durable change goes through here (ARCHITECTURE.md, write path).
//
// Reads of state (`get`, `scan`) see exactly what is durable, need no lane and may come from any
// thread. A transaction that fails, or that only reads, still answers no earlier than everything
// that it saw is durable: an answer never tells of what a crash could take back.
class Lanes {
 public:
  virtual ~Lanes() = default;

  [[nodiscard]] virtual size_t lane_count() const = 0;
  // The lane of whatever is named by `hash` (base/digest.h, stable_hash): its top bits, so keys
  // that begin with a big-endian hash are sorted by lane.
  [[nodiscard]] virtual LaneId lane_of(uint64_t hash) const = 0;
  [[nodiscard]] virtual LaneId lane_of(ShardKey shard) const = 0;

  // Runs `body` as one transaction of `lane`, makes its effects durable and visible, and goes on on
  // `home` with what the body returned. The body returns a Result whose error type can be made from
  // millstream::Error (for a journal that fails); on its failure no effect remains.
  //
  //   auto made = co_await lanes.run(context.home, lane, [&](Transaction& tx) -> aws::Result<Made>
  //   {...});
  template <class Body>
  auto run(io::Executor& home, LaneId lane, Body body)
      -> io::Task<std::invoke_result_t<Body&, Transaction&>> {
    using Outcome = std::invoke_result_t<Body&, Transaction&>;
    std::optional<Outcome> outcome;
    std::function<bool(Transaction&)> evaluate = [&](Transaction& transaction) {
      outcome.emplace(body(transaction));
      return outcome->ok();
    };
    Result<> committed = co_await commit(home, lane, std::move(evaluate));
    if (!committed) co_return Outcome(typename Outcome::error_type(committed.take_error()));
    co_return std::move(*outcome);
  }

  // As `run`, type-erased: `evaluate` returns whether its effects stay.
  virtual io::Task<Result<>> commit(io::Executor& home, LaneId lane,
                                    std::function<bool(Transaction&)> evaluate) = 0;

  // Waits for every transaction that was begun before, in any lane: those of a coroutine that
  // doesn't wait between what it looked at before this call and its transaction count as begun.
  // Goes on on `home`. Afterwards each of them is durable and visible, or has left nothing. On
  // failure some may still become visible: try again.
  virtual io::Task<Result<>> settled(io::Executor& home) = 0;

  // ---- Durable state, from any thread. Block cache first; a cold read goes to a blocking thread
  // and comes back on `home`.
  virtual io::Task<Result<std::optional<std::string>>> get(io::Executor& home, std::string key) = 0;
  // Up to `entries_max` entries or about `bytes_max` bytes of [from, to), in byte order.
  struct Entries {
    std::vector<std::pair<std::string, std::string>> entries;
    bool more = false;  // the range holds more; go on behind the last key
  };
  virtual io::Task<Result<Entries>> scan(io::Executor& home, std::string from, std::string to,
                                         size_t entries_max, size_t bytes_max,
                                         bool reverse = false) = 0;
  // For start-up: blocks, on the calling thread.
  virtual Result<> scan_now(
      std::string_view from, std::string_view to,
      const std::function<Result<>(std::string_view key, std::string_view value)>& visit) = 0;
  // Before start() only.
  virtual void observe(std::string prefix, Observer observer) = 0;

  // ---- Stream records.
  virtual io::Task<Result<RecordBatch>> read(io::Executor& home, ShardKey shard, uint64_t sequence,
                                             ReadLimits limits) = 0;
  // Goes on once the shard holds a durable record at or after `sequence` (true), or `timeout_us`
  // has passed, or the shard ended before it, or the lanes stop (false).
  virtual io::Task<bool> wait(io::Executor& home, ShardKey shard, uint64_t sequence,
                              int64_t timeout_us) = 0;
  // What the shard's next record gets: one more than its newest durable one.
  [[nodiscard]] virtual uint64_t next_sequence(ShardKey shard) = 0;
  // The first sequence at or after `sequence` that can be read now, or will be the next.
  virtual io::Task<Result<uint64_t>> first_readable(io::Executor& home, ShardKey shard,
                                                    uint64_t sequence) = 0;
  // The first sequence that arrived at or after `arrival_ms`; next_sequence() if there is none.
  virtual io::Task<Result<uint64_t>> sequence_at(io::Executor& home, ShardKey shard,
                                                 int64_t arrival_ms) = 0;
  // Nothing comes behind the shard's end any more: appends get nothing, waits end. For a shard that
  // was sealed since the start or not appended to. Kept in memory: tell it again at every start.
  virtual void end_shard(ShardKey shard) = 0;
  // Sets how long a stream's records are kept; 0 drops all of them at the next trim. Kept in
  // memory: tell it again at every start. Records of a stream that is not told of are kept until
  // set_retention_complete says that all streams were told of; then they go.
  virtual void set_retention(uint64_t stream, int64_t retention_ms) = 0;
  virtual void set_retention_complete() = 0;

  // Why nothing is committed: for ever, or as long as the state can't be written. Empty while all
  // is well. Thread-safe.
  [[nodiscard]] virtual std::string poisoned() const = 0;
};

// The first key behind every key that begins with `prefix`.
std::string prefix_end(std::string_view prefix);

}  // namespace millstream::lanes
