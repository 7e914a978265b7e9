#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/digest.h"

namespace millstream::store {

// Values of a store by their keys, in memory: what was read or written not long ago. A value is
// here only while it is what the store gives. Keys that the store doesn't have are never here.
//
// Whoever changes the store calls `begin_change` for each key before, and `end_change` after;
// between them nobody finds the key here. Whoever finds nothing asks the store and may `fill` in
// what it gave, which is refused if the key may have changed since.
//
// Limits: `bytes_max` of keys, values and what surrounds them, a part of it for each of kParts; a
// value larger than an eighth of a part isn't kept. The ones that nobody found for the longest time
// go (an approximation: the clock algorithm).
// Thread-safe, but a key is changed by one thread at a time.
class ValueCache {
 public:
  explicit ValueCache(size_t bytes_max) : part_bytes_max_(bytes_max / kParts) {}

  // Whether what was read after a miss is still what the store has.
  struct Ticket {
    uint64_t removals = 0;
  };
  // On a miss `ticket` is for `fill`.
  [[nodiscard]] std::optional<std::string> find(std::string_view key, Ticket* ticket);
  void fill(std::string_view key, std::string_view value, Ticket ticket);

  void begin_change(std::string_view key);
  // `value`: nothing if the key was erased, or if nobody knows what became of it. Of several
  // changes of one key that began before one ended the last one to end counts.
  void end_change(std::string_view key, std::optional<std::string> value);

  // Keeps nothing from now on.
  void close();

  [[nodiscard]] size_t bytes() const;

 private:
  static constexpr size_t kParts = 64;
  struct Entry {
    std::string key;
    std::string value;
    int changes = 0;     // under way: nobody finds it meanwhile
    bool found = false;  // since the clock's hand came by

    // Nodes of the list and of the map are about as large as this.
    [[nodiscard]] size_t bytes() const { return key.size() + value.size() + 2 * sizeof(Entry); }
  };
  using Entries = std::list<Entry>;
  struct Hash {
    size_t operator()(std::string_view key) const { return stable_hash(key); }
  };
  struct Part {
    mutable std::mutex mutex;
    Entries entries;                                                       // guarded by mutex
    std::unordered_map<std::string_view, Entries::iterator, Hash> by_key;  // guarded by mutex
    Entries::iterator hand = entries.end();                                // guarded by mutex
    size_t bytes = 0;                                                      // guarded by mutex
    uint64_t removals = 0;                                                 // guarded by mutex
    bool closed = false;                                                   // guarded by mutex
  };

  Part& part_of(std::string_view key);
  static Entry& add(Part& part, std::string_view key);
  static void remove(Part& part, Entries::iterator entry);
  static void set_value(Part& part, Entry& entry, std::string value);
  void make_room(Part& part) const;

  const size_t part_bytes_max_;
  std::array<Part, kParts> parts_;
};

}  // namespace millstream::store
