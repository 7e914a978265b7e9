#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace millstream::store {

// A set of changes that is applied whole or not at all. Views are copied.
class Batch {
 public:
  virtual ~Batch() = default;
  virtual void put(std::string_view key, std::string_view value) = 0;
  virtual void erase(std::string_view key) = 0;
  [[nodiscard]] virtual bool empty() const = 0;
};

// What a range read gives: entries in the order asked for.
struct Range {
  std::string from;  // inclusive
  std::string to;    // exclusive
  bool reverse = false;
};

// The state that the journal's frames add up to: an ordered map of byte strings.
//
// Durability: none of its own. `apply` is visible at once but lost by a crash until a `flush` that
// began later has returned; what a crash leaves is always the state after some prefix of the
// applied batches, each whole. The journal makes up for the rest (lanes/recovery.h).
//
// Threads: everything from any thread. Blocking: `get_cached` never waits for the disk, `apply`
// only when the disk falls far behind, all others may.
class Store {
 public:
  virtual ~Store() = default;

  [[nodiscard]] virtual std::unique_ptr<Batch> new_batch() = 0;
  virtual Result<> apply(Batch& batch) = 0;
  // Tries to get a store to work again whose last `apply` failed: the failure may have been a
  // passing one (a full disk, no descriptors). Success promises nothing for the next `apply`.
  // Blocks.
  virtual Result<> recover() = 0;

  virtual Result<std::optional<std::string>> get(std::string_view key) = 0;
  // The answer if it is in memory; kUnavailable if only the disk can tell.
  virtual Result<std::optional<std::string>> get_cached(std::string_view key) = 0;
  // Calls `visit` for each entry of the range until it returns false. Sees one moment's state. With
  // kCachedOnly it fails with kUnavailable where it would have to wait for the disk; `visit` may
  // then have seen a part.
  enum class Reach { kDisk, kCachedOnly };
  virtual Result<> scan(
      const Range& range, Reach reach,
      const std::function<bool(std::string_view key, std::string_view value)>& visit) = 0;

  // Returns once everything applied before the call is on stable storage.
  virtual Result<> flush() = 0;

  // Waits for the calls under way, ends background work and lets go of every file, without a flush.
  // All later calls fail with kUnavailable. Afterwards another store may be opened in the same
  // place: nothing that is left of this one touches a file again. A second call does nothing.
  virtual void close() = 0;
};

}  // namespace millstream::store
