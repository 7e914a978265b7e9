#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

#include "base/check.h"

namespace millstream {

// A function without arguments or result that can be moved but not copied, to be run once on some
// thread. Functions of up to 48 bytes are held without an allocation. Not synchronised.
class Callback {
 public:
  Callback() = default;

  template <class Function>
    requires(!std::is_same_v<std::decay_t<Function>, Callback> &&
             std::is_invocable_v<std::decay_t<Function>&>)
  Callback(Function&& function) {
    using Stored = std::decay_t<Function>;
    if constexpr (sizeof(Stored) <= sizeof(storage_) &&
                  alignof(Stored) <= alignof(std::max_align_t) &&
                  std::is_nothrow_move_constructible_v<Stored>) {
      new (storage_) Stored(std::forward<Function>(function));
      table_ = &kInline<Stored>;
    } else {
      new (storage_) Stored*(new Stored(std::forward<Function>(function)));
      table_ = &kHeap<Stored>;
    }
  }
  Callback(Callback&& other) noexcept : table_(std::exchange(other.table_, nullptr)) {
    if (table_) table_->move(other.storage_, storage_);
  }
  Callback& operator=(Callback&& other) noexcept {
    if (this == &other) return *this;
    reset();
    table_ = std::exchange(other.table_, nullptr);
    if (table_) table_->move(other.storage_, storage_);
    return *this;
  }
  ~Callback() { reset(); }

  explicit operator bool() const { return table_ != nullptr; }
  void operator()() {
    CHECK(table_ != nullptr);
    table_->call(storage_);
  }

 private:
  struct Table {
    void (*call)(void*);
    void (*move)(void* from, void* to);  // leaves nothing to destroy in `from`
    void (*destroy)(void*);
  };
  template <class Stored>
  static constexpr Table kInline = {
      [](void* at) { (*static_cast<Stored*>(at))(); },
      [](void* from, void* to) {
        new (to) Stored(std::move(*static_cast<Stored*>(from)));
        static_cast<Stored*>(from)->~Stored();
      },
      [](void* at) { static_cast<Stored*>(at)->~Stored(); }};
  template <class Stored>
  static constexpr Table kHeap = {
      [](void* at) { (**static_cast<Stored**>(at))(); },
      [](void* from, void* to) { new (to) Stored*(*static_cast<Stored**>(from)); },
      [](void* at) { delete *static_cast<Stored**>(at); }};

  void reset() {
    if (table_) std::exchange(table_, nullptr)->destroy(storage_);
  }

  const Table* table_ = nullptr;
  alignas(std::max_align_t) unsigned char storage_[48];
};

}  // namespace millstream
