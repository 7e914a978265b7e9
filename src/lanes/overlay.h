#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace millstream::lanes {

// What a lane's transactions have changed and the state store doesn't have yet: a key's newest
// value (nothing if erased) and the number of the frame that made it. Belongs to the lane's thread.
class Overlay {
 public:
  struct Entry {
    std::optional<std::string> value;
    uint64_t frame_number;
  };
  using Entries = std::map<std::string, Entry, std::less<>>;

  // nullptr if nothing is pending for `key`.
  [[nodiscard]] const Entry* find(std::string_view key) const {
    const auto found = entries_.find(key);
    return found == entries_.end() ? nullptr : &found->second;
  }
  void set(std::string_view key, std::optional<std::string> value, uint64_t frame_number) {
    const auto found = entries_.find(key);
    if (found != entries_.end()) {
      found->second = {std::move(value), frame_number};
    } else {
      entries_.emplace(std::string(key), Entry{std::move(value), frame_number});
    }
  }
  // Whether a frame behind `frame_number`, but none behind `last`, made the key's newest value.
  [[nodiscard]] bool is_replaced(std::string_view key, uint64_t frame_number, uint64_t last) const {
    const Entry* newest = find(key);
    return newest && newest->frame_number > frame_number && newest->frame_number <= last;
  }
  // The store has what `frame_number` made of `key`: forgets it unless a later frame changed it.
  void applied(std::string_view key, uint64_t frame_number) {
    const auto found = entries_.find(key);
    if (found != entries_.end() && found->second.frame_number == frame_number) {
      entries_.erase(found);
    }
  }
  void clear() { entries_.clear(); }
  [[nodiscard]] const Entries& entries() const { return entries_; }

 private:
  Entries entries_;
};

}  // namespace millstream::lanes
