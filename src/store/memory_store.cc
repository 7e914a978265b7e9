#include "store/memory_store.h"

#include <utility>
#include <vector>

namespace millstream::store {
namespace {

class MemoryBatch final : public Batch {
 public:
  void put(std::string_view key, std::string_view value) override {
    changes_.emplace_back(key, std::string(value));
  }
  void erase(std::string_view key) override { changes_.emplace_back(key, std::nullopt); }
  [[nodiscard]] bool empty() const override { return changes_.empty(); }

  std::vector<std::pair<std::string, std::optional<std::string>>> changes_;
};

}  // namespace

std::unique_ptr<Batch> MemoryStore::new_batch() {
  return std::make_unique<MemoryBatch>();
}

Result<> MemoryStore::apply(Batch& batch) {
  const std::lock_guard lock(mutex_);
  if (Result<> open = check_open(); !open) return open;
  if (refusal_) return *refusal_;
  for (auto& [key, value] : static_cast<MemoryBatch&>(batch).changes_) {
    if (value) {
      entries_[key] = *value;
    } else {
      entries_.erase(key);
    }
  }
  return {};
}

Result<> MemoryStore::recover() {
  const std::lock_guard lock(mutex_);
  if (Result<> open = check_open(); !open) return open;
  if (!recoverable_) return *refusal_;
  refusal_.reset();
  return {};
}

Result<std::optional<std::string>> MemoryStore::get(std::string_view key) {
  const std::lock_guard lock(mutex_);
  if (Result<> open = check_open(); !open) return open.take_error();
  const auto found = entries_.find(key);
  if (found == entries_.end()) return std::optional<std::string>();
  return std::optional<std::string>(found->second);
}

Result<std::optional<std::string>> MemoryStore::get_cached(std::string_view key) {
  return get(key);
}

Result<> MemoryStore::scan(const Range& range, Reach /*all in memory*/,
                           const std::function<bool(std::string_view, std::string_view)>& visit) {
  std::vector<std::pair<std::string, std::string>> found;
  {
    const std::lock_guard lock(mutex_);
    if (Result<> open = check_open(); !open) return open;
    if (range.from < range.to) {
      found.assign(entries_.lower_bound(range.from), entries_.lower_bound(range.to));
    }
  }
  if (range.reverse) {
    for (auto at = found.rbegin(); at != found.rend(); ++at) {
      if (!visit(at->first, at->second)) break;
    }
  } else {
    for (const auto& [key, value] : found) {
      if (!visit(key, value)) break;
    }
  }
  return {};
}

Result<> MemoryStore::flush() {
  const std::lock_guard lock(mutex_);
  if (Result<> open = check_open(); !open) return open;
  flushed_ = entries_;
  return {};
}

Result<> MemoryStore::check_open() const {
  if (!closed_) return {};
  return Error{ErrorCode::kUnavailable, "the state store is closed"};
}

void MemoryStore::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
}

void MemoryStore::refuse_batches(std::optional<Error> failure) {
  const std::lock_guard lock(mutex_);
  recoverable_ = !failure;
  if (failure) refusal_ = std::move(failure);
}

void MemoryStore::crash() {
  const std::lock_guard lock(mutex_);
  entries_ = flushed_;
  closed_ = false;
}

}  // namespace millstream::store
