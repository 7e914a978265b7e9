#pragma once

#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"
#include "lanes/follower.h"
#include "lanes/lanes.h"

namespace millstream::lanes {

// Every document below a key prefix, in memory and by its key: one is here before the answer to the
// change that stored it goes out, and gone before that to its removal. A document is a value that
// never changes: what is stored anew takes the place of what was there. Thread-safe.
template <class Document>
class Catalogue {
 public:
  using Entry = std::shared_ptr<const Document>;
  using Parse = std::function<Result<Document>(std::string_view key, std::string_view value)>;
  // Told of each change, by load() too: of a document before it can be found, of its removal after
  // it can't be found any more. `before` is nullptr for a new document, `now` for a removed one.
  using Changed = std::function<void(const Entry& before, const Entry& now)>;

  // Registers with `lanes`, which outlives it; before they are started.
  Catalogue(Lanes& lanes, std::string_view prefix, Parse parse, Changed changed = nullptr)
      : parse_(std::move(parse)),
        changed_(std::move(changed)),
        follower_(lanes, prefix, [this](auto key, auto value) { return apply(key, value); }) {}

  // Reads what is stored. Blocks; once, before the first request. Fails as `parse` does, with the
  // key before its words.
  Result<> load() { return follower_.load(); }

  // nullptr if there is none.
  [[nodiscard]] Entry find(std::string_view key) const {
    const std::shared_lock lock(mutex_);
    const auto found = documents_.find(key);
    return found == documents_.end() ? nullptr : found->second;
  }

  // Those with keys in [from, to), in the order of the keys; at most `limit`.
  [[nodiscard]] std::vector<Entry> list(std::string_view from, std::string_view to,
                                        size_t limit = std::numeric_limits<size_t>::max()) const {
    std::vector<Entry> found;
    const std::shared_lock lock(mutex_);
    for (auto at = documents_.lower_bound(from);
         at != documents_.end() && at->first < to && found.size() < limit; ++at) {
      found.push_back(at->second);
    }
    return found;
  }
  // Those whose keys begin with `prefix`.
  [[nodiscard]] std::vector<Entry> list(std::string_view prefix) const {
    return list(prefix, prefix_end(prefix));
  }
  // Those whose keys begin with `prefix` and come behind `prefix` + `after`; at most `limit`.
  [[nodiscard]] std::vector<Entry> list_behind(
      std::string_view prefix, std::string_view after,
      size_t limit = std::numeric_limits<size_t>::max()) const {
    std::string from(prefix);
    from.append(after).push_back('\0');
    return list(from, prefix_end(prefix), limit);
  }

 private:
  // Changes of one key come one after the other, from its lane's thread.
  Result<> apply(std::string_view key, std::optional<std::string_view> value) {
    const Entry before = find(key);
    if (value) {
      Result<Document> parsed = parse_(key, *value);
      if (!parsed) return parsed.take_error().in(key);
      Entry now = std::make_shared<const Document>(parsed.take());
      if (changed_) changed_(before, now);
      const std::unique_lock lock(mutex_);
      documents_.insert_or_assign(std::string(key), std::move(now));
    } else if (before) {
      erase(key);
      if (changed_) changed_(before, nullptr);
    }
    return {};
  }
  void erase(std::string_view key) {
    const std::unique_lock lock(mutex_);
    documents_.erase(documents_.find(key));
  }

  const Parse parse_;
  const Changed changed_;
  mutable std::shared_mutex mutex_;
  std::map<std::string, Entry, std::less<>> documents_;  // guarded by mutex_
  Follower follower_;
};

// A catalogue's documents by their `id`, a number that no two of them share; told of them by the
// catalogue's Changed. Thread-safe.
template <class Document>
class IdIndex {
 public:
  using Entry = std::shared_ptr<const Document>;

  void change(const Entry& before, const Entry& now) {
    const std::unique_lock lock(mutex_);
    if (before) by_id_.erase(before->id);
    if (now) by_id_[now->id] = now;
  }
  // nullptr if there is none.
  [[nodiscard]] Entry find(uint64_t id) const {
    const std::shared_lock lock(mutex_);
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : found->second;
  }

 private:
  mutable std::shared_mutex mutex_;
  std::unordered_map<uint64_t, Entry> by_id_;  // guarded by mutex_
};

}  // namespace millstream::lanes
