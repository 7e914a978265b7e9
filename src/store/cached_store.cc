#include "store/cached_store.h"

#include <utility>
#include <vector>

#include "store/value_cache.h"

namespace millstream::store {
namespace {

struct Change {
  std::string key;
  std::optional<std::string> value;
};

class CachedBatch final : public Batch {
 public:
  explicit CachedBatch(std::unique_ptr<Batch> batch) : batch_(std::move(batch)) {}

  void put(std::string_view key, std::string_view value) override {
    batch_->put(key, value);
    changes_.push_back({std::string(key), std::string(value)});
  }
  void erase(std::string_view key) override {
    batch_->erase(key);
    changes_.push_back({std::string(key), std::nullopt});
  }
  [[nodiscard]] bool empty() const override { return batch_->empty(); }

  std::unique_ptr<Batch> batch_;
  std::vector<Change> changes_;
};

class CachedStore final : public Store {
 public:
  CachedStore(std::unique_ptr<Store> store, size_t bytes_max)
      : store_(std::move(store)), cache_(bytes_max) {}

  std::unique_ptr<Batch> new_batch() override {
    return std::make_unique<CachedBatch>(store_->new_batch());
  }

  Result<> apply(Batch& batch) override {
    auto& cached = static_cast<CachedBatch&>(batch);
    for (const Change& change : cached.changes_) cache_.begin_change(change.key);
    Result<> applied = store_->apply(*cached.batch_);
    for (Change& change : cached.changes_) {
      if (!applied) change.value.reset();
      cache_.end_change(change.key, std::move(change.value));
    }
    cached.changes_.clear();
    return applied;
  }
  Result<> recover() override { return store_->recover(); }

  Result<std::optional<std::string>> get(std::string_view key) override {
    return get_with(key, &Store::get);
  }
  Result<std::optional<std::string>> get_cached(std::string_view key) override {
    return get_with(key, &Store::get_cached);
  }
  Result<> scan(const Range& range, Reach reach,
                const std::function<bool(std::string_view, std::string_view)>& visit) override {
    return store_->scan(range, reach, visit);
  }

  Result<> flush() override { return store_->flush(); }
  void close() override {
    store_->close();
    cache_.close();
  }

 private:
  using Get = Result<std::optional<std::string>> (Store::*)(std::string_view);

  Result<std::optional<std::string>> get_with(std::string_view key, Get get) {
    ValueCache::Ticket ticket;
    if (std::optional<std::string> value = cache_.find(key, &ticket)) return value;
    Result<std::optional<std::string>> stored = ((*store_).*get)(key);
    if (stored && *stored) cache_.fill(key, **stored, ticket);
    return stored;
  }

  const std::unique_ptr<Store> store_;
  ValueCache cache_;
};

}  // namespace

std::unique_ptr<Store> make_cached_store(std::unique_ptr<Store> store, size_t bytes_max) {
  return std::make_unique<CachedStore>(std::move(store), bytes_max);
}

}  // namespace millstream::store
