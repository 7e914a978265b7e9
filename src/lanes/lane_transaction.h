#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "lanes/effects.h"
#include "lanes/overlay.h"
#include "lanes/record_index.h"
#include "lanes/transaction.h"
#include "store/store.h"

namespace millstream::lanes {

// One lane as its thread knows it.
struct Lane {
  LaneId id = 0;
  uint64_t next_number = 1;     // of its frames
  uint64_t applied_number = 0;  // the newest frame that is durable and visible
  uint64_t newest_group = 0;    // the host's group that holds its newest frame
  uint64_t group_end = 0;       // its newest frame in the group that is being applied
  Overlay overlay;              // pending changes
  std::unordered_map<ShardKey, ShardEnd, ShardKeyHash> shard_ends;  // pending ones included
  RecordIndex* index = nullptr;                                     // durable records
};

// The Transaction that a body gets: reads its own changes, then the lane's pending ones, then the
// store; writes its effects into the open frame. Lives inside one call on the lane's thread.
class LaneTransaction final : public Transaction {
 public:
  LaneTransaction(Lane& lane, store::Store& store, std::string* frame, int64_t now_ms)
      : lane_(lane), store_(store), effects_(frame), now_ms_(now_ms) {}

  [[nodiscard]] LaneId lane() const override { return lane_.id; }
  [[nodiscard]] int64_t now_ms() const override { return now_ms_; }
  Result<std::optional<std::string>> get(std::string_view key) override;
  Result<> scan(std::string_view from, std::string_view to,
                const std::function<bool(std::string_view, std::string_view)>& visit) override;
  void put(std::string_view key, std::string_view value) override;
  void erase(std::string_view key) override;
  std::optional<Appended> append(ShardKey shard, size_t payload_size) override;
  uint64_t seal(ShardKey shard) override;

  [[nodiscard]] bool has_effects() const { return !effects_.empty(); }
  // Whether it read something that isn't durable yet.
  [[nodiscard]] bool saw_pending() const { return saw_pending_; }
  // Makes the effects what the lane's next transactions see, as frame `number`.
  void keep(uint64_t number);

 private:
  std::pair<const ShardKey, ShardEnd>* find_end(ShardKey shard);

  Lane& lane_;
  store::Store& store_;
  EffectsWriter effects_;
  int64_t now_ms_;
  bool saw_pending_ = false;
  std::map<std::string, std::optional<std::string>, std::less<>> changes_;
  std::map<ShardKey, ShardEnd> shard_ends_;
  std::pair<const ShardKey, ShardEnd>* newest_end_ = nullptr;  // in shard_ends_: of the last append
};

}  // namespace millstream::lanes
