#include "sim/state_store.h"

#include "sim/machine.h"

namespace millstream::sim {
namespace {

class ChangesBatch final : public store::Batch {
 public:
  void put(std::string_view key, std::string_view value) override {
    changes.emplace_back(key, std::string(value));
  }
  void erase(std::string_view key) override { changes.emplace_back(key, std::nullopt); }
  [[nodiscard]] bool empty() const override { return changes.empty(); }

  StateChanges changes;
};

template <class Entries>
void apply_to(const StateChanges& changes, Entries* entries) {
  for (const auto& [key, value] : changes) {
    if (value) {
      entries->insert_or_assign(key, *value);
    } else {
      entries->erase(key);
    }
  }
}

Error refused(const char* what) {
  return {ErrorCode::kIo, what};
}

bool comes_true(std::optional<uint64_t>* countdown) {
  if (!*countdown || (**countdown)-- > 0) return false;
  countdown->reset();
  return true;
}

}  // namespace

void StateMedium::crash(Dice& dice) {
  const uint64_t kept = dice.below(pending.size() + 1);
  for (uint64_t i = 0; i < kept; ++i) apply_to(pending[i], &flushed);
  pending.clear();
  flush_fails_in.reset();
  apply_fails_in.reset();
  has_failed = false;
}

SimulatedStore::SimulatedStore(StateMedium& medium, std::shared_ptr<Life> life, Dice dice,
                               uint64_t cold_once_in)
    : medium_(medium),
      life_(std::move(life)),
      dice_(dice),
      cold_once_in_(cold_once_in),
      entries_(medium.flushed) {}

std::unique_ptr<store::Batch> SimulatedStore::new_batch() {
  return std::make_unique<ChangesBatch>();
}

Result<> SimulatedStore::check() const {
  if (life_->dead) return refused("the process is dead");
  if (closed_) return Error{ErrorCode::kUnavailable, "the store is closed"};
  return {};
}

Result<> SimulatedStore::recover() {
  return check();
}

Result<> SimulatedStore::apply(store::Batch& batch) {
  if (Result<> open = check(); !open) return open;
  if (comes_true(&medium_.apply_fails_in)) {
    medium_.has_failed = true;
    return refused("the store was told to fail");
  }
  const StateChanges& changes = static_cast<ChangesBatch&>(batch).changes;
  apply_to(changes, &entries_);
  medium_.pending.push_back(changes);
  return {};
}

Result<std::optional<std::string>> SimulatedStore::get(std::string_view key) {
  if (closed_) return check().take_error();
  const auto found = entries_.find(key);
  if (found == entries_.end()) return std::optional<std::string>();
  return std::optional<std::string>(found->second);
}

Result<std::optional<std::string>> SimulatedStore::get_cached(std::string_view key) {
  if (is_cold()) return Error{ErrorCode::kUnavailable, "not in memory"};
  return get(key);
}

Result<> SimulatedStore::scan(
    const store::Range& range, Reach reach,
    const std::function<bool(std::string_view, std::string_view)>& visit) {
  if (closed_) return check();
  if (range.from >= range.to) return {};
  std::vector<std::pair<std::string, std::string>> found(entries_.lower_bound(range.from),
                                                         entries_.lower_bound(range.to));
  if (range.reverse) found = {found.rbegin(), found.rend()};
  const bool ends_early = reach == Reach::kCachedOnly && is_cold();
  const size_t reached = ends_early ? dice_.below(found.size() + 1) : found.size();
  for (size_t i = 0; i < reached; ++i) {
    if (!visit(found[i].first, found[i].second)) return {};
  }
  if (ends_early) return Error{ErrorCode::kUnavailable, "not in memory"};
  return {};
}

Result<> SimulatedStore::flush() {
  if (Result<> open = check(); !open) return open;
  if (comes_true(&medium_.flush_fails_in)) {
    medium_.has_failed = true;
    return refused("the flush was told to fail");
  }
  for (const StateChanges& changes : medium_.pending) apply_to(changes, &medium_.flushed);
  medium_.pending.clear();
  return {};
}

}  // namespace millstream::sim
