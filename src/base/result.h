#pragma once

#include <optional>
#include <utility>
#include <variant>

#include "base/check.h"
#include "base/error.h"

namespace millstream {

// A value or the reason why there is none. The one way in which an expected failure travels: nothing
// in Millstream throws across a module's border, and the compiler refuses a dropped Result.
//
//   Result<Segment> segment = open_segment(path);
//   if (!segment) return segment.take_error();
//   use(*segment);
//
// Reading the value of a failure (or the error of a success) is a broken invariant and stops the
// process. A Result is a value: copying and moving follow T and E; it isn't synchronised.
template <class T = void, class E = Error>
class [[nodiscard]] Result {
 public:
  using value_type = T;
  using error_type = E;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(E error) : state_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(value()); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  T& value() {
    CHECK(ok());
    return *std::get_if<0>(&state_);
  }
  const T& value() const {
    CHECK(ok());
    return *std::get_if<0>(&state_);
  }
  T take() { return std::move(value()); }

  const E& error() const {
    CHECK(!ok());
    return *std::get_if<1>(&state_);
  }
  // Moves the error out, to hand it on: `if (!result) return result.take_error();`
  E take_error() {
    CHECK(!ok());
    return std::move(*std::get_if<1>(&state_));
  }

 private:
  std::variant<T, E> state_;
};

template <class E>
class [[nodiscard]] Result<void, E> {
 public:
  using value_type = void;
  using error_type = E;

  Result() = default;
  Result(E error) : error_(std::move(error)) {}

  [[nodiscard]] bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  const E& error() const {
    CHECK(!ok());
    return *error_;
  }
  E take_error() {
    CHECK(!ok());
    return std::move(*error_);
  }

 private:
  std::optional<E> error_;
};

}  // namespace millstream
