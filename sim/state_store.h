#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/dice.h"
#include "store/store.h"

namespace millstream::sim {

struct Life;

using StateChanges = std::vector<std::pair<std::string, std::optional<std::string>>>;

// What the state store's files hold, across processes: a model of what RocksDB without its log
// promises. The living process has applied `pending` on top; its crash keeps the first few batches
// of them (RocksDB flushes by itself when it likes).
struct StateMedium {
  std::map<std::string, std::string, std::less<>> flushed;
  std::vector<StateChanges> pending;
  // Faults of the living process.
  std::optional<uint64_t> flush_fails_in;
  std::optional<uint64_t> apply_fails_in;
  bool has_failed = false;

  void crash(Dice& dice);
};

// The store as one process sees it.
class SimulatedStore final : public store::Store {
 public:
  // `cold_once_in`: one of so many reads isn't in memory; 0: all are.
  SimulatedStore(StateMedium& medium, std::shared_ptr<Life> life, Dice dice, uint64_t cold_once_in);

  std::unique_ptr<store::Batch> new_batch() override;
  Result<> apply(store::Batch& batch) override;
  Result<std::optional<std::string>> get(std::string_view key) override;
  Result<std::optional<std::string>> get_cached(std::string_view key) override;
  Result<> scan(const store::Range& range, Reach reach,
                const std::function<bool(std::string_view, std::string_view)>& visit) override;
  Result<> flush() override;
  Result<> recover() override;
  void close() override { closed_ = true; }

 private:
  // Refuses what a dead process or a closed store is asked.
  Result<> check() const;
  [[nodiscard]] bool is_cold() { return cold_once_in_ != 0 && dice_.one_in(cold_once_in_); }

  StateMedium& medium_;
  const std::shared_ptr<Life> life_;
  Dice dice_;
  const uint64_t cold_once_in_;
  std::map<std::string, std::string, std::less<>> entries_;
  bool closed_ = false;
};

}  // namespace millstream::sim
