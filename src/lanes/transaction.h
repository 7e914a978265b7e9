#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "journal/journal.h"

namespace millstream::lanes {

using journal::LaneId;

// Names one stream's shard (or anything else whose records are kept in order): a sub-stream of a
// lane. `stream` is drawn at random when the stream is made, so a name used again is a new one.
struct ShardKey {
  uint64_t stream = 0;
  uint32_t shard = 0;
  auto operator<=>(const ShardKey&) const = default;
};

// What one operation reads and changes in one lane. The body that gets it runs on the lane's
// thread, alone, without waiting; it sees every effect of the lane's earlier transactions, durable
// or not yet. All effects become durable and visible together, or (if the body fails) none.
//
// Keys are chosen by the services (docs/formats/state.md); a key belongs to one lane for ever, and
// only that lane may write it. Views passed in are copied before the call returns.
class Transaction {
 public:
  virtual ~Transaction() = default;

  [[nodiscard]] virtual LaneId lane() const = 0;
  // The same for the whole transaction.
  [[nodiscard]] virtual int64_t now_ms() const = 0;

  // The key's value as this lane sees it now, this transaction's own effects included.
  virtual Result<std::optional<std::string>> get(std::string_view key) = 0;
  // Calls `visit` for every key in [from, to) in byte order until it returns false.
  virtual Result<> scan(
      std::string_view from, std::string_view to,
      const std::function<bool(std::string_view key, std::string_view value)>& visit) = 0;

  virtual void put(std::string_view key, std::string_view value) = 0;
  virtual void erase(std::string_view key) = 0;

  // Appends one record of `payload_size` bytes to a shard of this lane. Its sequence is one more
  // than the shard's last; its arrival is now_ms(), but never before that of the shard's last
  // record. Nothing if the shard is sealed.
  struct Appended {
    uint64_t sequence;
    int64_t arrival_ms;
    char* payload;  // in the journal's buffer: written to before any other call
  };
  virtual std::optional<Appended> append(ShardKey shard, size_t payload_size) = 0;

  // No later transaction appends to the shard, whatever becomes of this one; gives the sequence
  // that stays the end of it. Kept in memory: after a restart the shard is open until
  // Lanes::end_shard is told of it. So what follows from a seal counts only once it is written
  // down.
  virtual uint64_t seal(ShardKey shard) = 0;
};

}  // namespace millstream::lanes
