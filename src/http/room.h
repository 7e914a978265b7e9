#pragma once

#include <cstddef>
#include <memory>

#include "base/budget.h"

namespace millstream::http {

// What requests may take of a server: how many are being handled, and how many bytes their headers,
// bodies and answers have together. Thread-safe.
struct Room {
  // An eighth of the bytes is kept for small requests.
  Room(size_t requests_max, size_t bytes_max)
      : requests(requests_max), bytes(bytes_max, bytes_max / 8) {}
  Budget requests;
  Budget bytes;
};

// What one request holds of the room that its listener shares with others and of its listener's
// own, if that has one; given back at the end. Used by one thread at a time.
class Place {
 public:
  // A request that holds no more than this counts as a small one.
  static constexpr size_t kSmallBytes = 64u << 10;

  explicit Place(std::shared_ptr<Room> shared, std::shared_ptr<Room> own = nullptr)
      : shared_(std::move(shared)), own_(std::move(own)) {}
  ~Place() { leave(); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  // Holds `bytes` in all, where it held fewer. False: there is no room, and it holds what it held.
  // Taken before the memory is.
  [[nodiscard]] bool grow_to(size_t bytes);
  // Whether a request of `bytes` in all would find room now.
  [[nodiscard]] bool could_grow_to(size_t bytes) const;
  // Holds `bytes` in all whether there is room or not: they exist already.
  void hold(size_t bytes);
  // Counts as being handled from now on; false if as many as there may be are.
  [[nodiscard]] bool enter();
  // Gives everything back; may be used for a next request afterwards.
  void leave();

  [[nodiscard]] size_t bytes() const { return bytes_; }

 private:
  const std::shared_ptr<Room> shared_;
  const std::shared_ptr<Room> own_;  // may be nullptr
  size_t bytes_ = 0;
  bool entered_ = false;
};

}  // namespace millstream::http
