#pragma once

#include <atomic>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/check.h"
#include "io/executor.h"

namespace millstream::io {

// A coroutine's future result. Lazy: the body starts when the task is awaited, on the awaiting
// thread, and hands control back to its awaiter without growing the stack. A task is awaited once;
// dropping one that wasn't started frees it.
//
// Rules for writing one (they keep lifetimes visible and g++ 12 honest):
//   - a named function with parameters by value (or references that outlive the whole operation,
//     such as a service), never a capturing lambda;
//   - nothing throws out of it: an exception that escapes stops the process;
//   - `co_await` stands in a statement of its own: `auto x = co_await f();`.
template <class T = void>
class Task;

// Awaits an awaiter that stays where it is: `co_await in_place(awaiter);`. g++ 12 copies an awaiter
// that is an lvalue.
template <class Awaiter>
struct InPlace {
  Awaiter* awaiter;
  bool await_ready() { return awaiter->await_ready(); }
  auto await_suspend(std::coroutine_handle<> handle) { return awaiter->await_suspend(handle); }
  auto await_resume() { return awaiter->await_resume(); }
};
template <class Awaiter>
InPlace<Awaiter> in_place(Awaiter& awaiter) {
  return InPlace<Awaiter>{&awaiter};
}

namespace internal {

struct PromiseBase {
  std::coroutine_handle<> continuation = std::noop_coroutine();

  std::suspend_always initial_suspend() noexcept { return {}; }
  struct FinalAwaiter {
    bool await_ready() noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> self) noexcept {
      return self.promise().continuation;
    }
    void await_resume() noexcept {}
  };
  FinalAwaiter final_suspend() noexcept { return {}; }
  void unhandled_exception() noexcept { std::terminate(); }
};

template <class T>
struct Promise : PromiseBase {
  std::optional<T> result;
  Task<T> get_return_object();
  template <class U>
  void return_value(U&& value) {
    result.emplace(std::forward<U>(value));
  }
};

template <>
struct Promise<void> : PromiseBase {
  Task<void> get_return_object();
  void return_void() noexcept {}
};

}  // namespace internal

template <class T>
class [[nodiscard]] Task {
 public:
  using promise_type = internal::Promise<T>;
  using Handle = std::coroutine_handle<promise_type>;

  explicit Task(Handle handle) : handle_(handle) {}
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Task& operator=(Task&& other) noexcept {
    if (this != &other) {
      if (handle_) handle_.destroy();
      handle_ = std::exchange(other.handle_, {});
    }
    return *this;
  }
  ~Task() {
    if (handle_) handle_.destroy();
  }

  struct Awaiter {
    Handle handle;
    bool await_ready() noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiter) noexcept {
      handle.promise().continuation = awaiter;
      return handle;
    }
    T await_resume() {
      if constexpr (!std::is_void_v<T>) return std::move(*handle.promise().result);
    }
  };
  Awaiter operator co_await() && { return Awaiter{handle_}; }
  Awaiter operator co_await() & { return Awaiter{handle_}; }

 private:
  Handle handle_;
};

namespace internal {

template <class T>
Task<T> Promise<T>::get_return_object() {
  return Task<T>(std::coroutine_handle<Promise<T>>::from_promise(*this));
}
inline Task<void> Promise<void>::get_return_object() {
  return Task<void>(std::coroutine_handle<Promise<void>>::from_promise(*this));
}

struct Detached {
  struct promise_type {
    Detached get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::terminate(); }
  };
};

inline Detached run_detached(Task<void> task) {
  co_await task;
}

template <class T>
Detached run_then(Task<T> task, std::vector<std::optional<T>>* results, size_t index,
                  std::atomic<size_t>* left, std::coroutine_handle<>* awaiter) {
  (*results)[index].emplace(co_await task);
  if (left->fetch_sub(1, std::memory_order_acq_rel) == 1) awaiter->resume();
}

}  // namespace internal

// Starts `task` here and now and lets it run by itself; its frame goes when it ends.
inline void spawn(Task<void> task) {
  internal::run_detached(std::move(task));
}

// Awaits every task, all under way at once, and gives their results in the tasks' order. Goes on
// where the last of them ended.
template <class T>
Task<std::vector<T>> when_all(std::vector<Task<T>> tasks) {
  std::vector<std::optional<T>> results(tasks.size());
  struct Join {
    std::vector<Task<T>>* tasks;
    std::vector<std::optional<T>>* results;
    std::atomic<size_t> left;
    std::coroutine_handle<> awaiter;

    bool await_ready() { return tasks->empty(); }
    bool await_suspend(std::coroutine_handle<> handle) {
      awaiter = handle;
      // One more than the tasks, so that none of them resumes the awaiter while others start.
      left.store(tasks->size() + 1, std::memory_order_relaxed);
      for (size_t i = 0; i < tasks->size(); ++i) {
        internal::run_then(std::move((*tasks)[i]), results, i, &left, &awaiter);
      }
      return left.fetch_sub(1, std::memory_order_acq_rel) != 1;
    }
    void await_resume() {}
  };
  Join join{&tasks, &results, {}, {}};
  co_await in_place(join);
  std::vector<T> values;
  values.reserve(results.size());
  for (auto& result : results) values.push_back(std::move(*result));
  co_return values;
}

// Goes on on `executor`'s thread: `co_await resume_on(executor);`. Always through its queue.
struct ResumeOn {
  Executor& executor;
  bool await_ready() noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) {
    executor.post([handle] { handle.resume(); });
  }
  void await_resume() noexcept {}
};
inline ResumeOn resume_on(Executor& executor) {
  return ResumeOn{executor};
}

// Goes on on `executor` after `delay_us` microseconds.
struct SleepFor {
  Executor& executor;
  int64_t delay_us;
  bool await_ready() noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) {
    executor.run_after(delay_us, [handle] { handle.resume(); });
  }
  void await_resume() noexcept {}
};
inline SleepFor sleep_for(Executor& executor, int64_t delay_us) {
  return {executor, delay_us};
}

// A place where one value arrives once, awaited by one coroutine: the bridge from callbacks. The
// two ends share it through a shared_ptr. `set` is thread-safe; the awaiter goes on on `home`.
template <class T>
class OneShot {
 public:
  explicit OneShot(Executor& home) : home_(home) {}

  // Gives the value. Only the first call counts; returns whether this was it.
  bool set(T value) {
    if (taken_.exchange(true, std::memory_order_acq_rel)) return false;
    value_.emplace(std::move(value));
    if (state_.exchange(kSet, std::memory_order_acq_rel) == kWaiting) {
      home_.post([handle = awaiter_] { handle.resume(); });
    }
    return true;
  }

  struct Awaiter {
    OneShot* shot;
    bool await_ready() noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> handle) {
      shot->awaiter_ = handle;
      int expected = kIdle;
      return shot->state_.compare_exchange_strong(expected, kWaiting, std::memory_order_acq_rel);
    }
    T await_resume() { return std::move(*shot->value_); }
  };
  Awaiter operator co_await() { return Awaiter{this}; }

 private:
  static constexpr int kIdle = 0, kWaiting = 1, kSet = 2;
  Executor& home_;
  std::atomic<bool> taken_{false};
  std::atomic<int> state_{kIdle};
  std::optional<T> value_;
  std::coroutine_handle<> awaiter_;
};

}  // namespace millstream::io
