#pragma once

#include <atomic>
#include <cstddef>

namespace millstream {

// An amount (bytes, requests) of which many may take a part at once, but not more than there is.
// Thread-safe; never waits.
//
// The last `reserve` of it is for small takers only: a few large ones that use up the rest don't
// shut all others out.
class Budget {
 public:
  enum class Taker { kSmall, kLarge };

  explicit Budget(size_t amount, size_t reserve = 0) : amount_(amount), reserve_(reserve) {}
  Budget(const Budget&) = delete;
  Budget& operator=(const Budget&) = delete;

  // True: `part` is taken, to be given back. False: that much isn't free and nothing was taken.
  [[nodiscard]] bool take(size_t part, Taker taker) {
    const size_t limit = limit_for(taker);
    size_t used = used_.load(std::memory_order_relaxed);
    do {
      if (used > limit || part > limit - used) return false;
    } while (!used_.compare_exchange_weak(used, used + part, std::memory_order_relaxed));
    return true;
  }
  // Takes it even if it isn't free: for what exists already. Others are refused until it is given
  // back.
  void take_always(size_t part) { used_.fetch_add(part, std::memory_order_relaxed); }
  void give_back(size_t part) { used_.fetch_sub(part, std::memory_order_relaxed); }

  // Whether `part` could be taken now; only a hint while others take.
  [[nodiscard]] bool has(size_t part, Taker taker) const {
    const size_t limit = limit_for(taker);
    const size_t taken = used();
    return taken <= limit && part <= limit - taken;
  }
  [[nodiscard]] size_t used() const { return used_.load(std::memory_order_relaxed); }
  [[nodiscard]] size_t amount() const { return amount_; }

 private:
  [[nodiscard]] size_t limit_for(Taker taker) const {
    return taker == Taker::kSmall ? amount_ : amount_ - reserve_;
  }

  const size_t amount_;
  const size_t reserve_;
  std::atomic<size_t> used_{0};
};

}  // namespace millstream
