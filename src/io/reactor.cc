#include "io/reactor.h"

#include <algorithm>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <map>
#include <mutex>
#include <unordered_map>

#include "io/reactor_asio.h"

namespace millstream::io {

namespace asio = boost::asio;
using SteadyClock = std::chrono::steady_clock;

namespace {
thread_local const Reactor* current_reactor = nullptr;
}  // namespace

struct Reactor::Implementation {
  using Deadline = std::pair<SteadyClock::time_point, TimerId>;

  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
  asio::steady_timer alarm{context};

  std::mutex mutex;
  // Guarded by the mutex.
  std::vector<Callback> queue;
  bool drain_scheduled = false;
  std::map<Deadline, Callback> timers;
  std::unordered_map<TimerId, SteadyClock::time_point> deadlines;
  TimerId last_timer = 0;
  bool stopped = false;

  // Owned by the reactor's thread.
  std::vector<Callback> batch;

  void post(Callback work_item) {
    {
      std::lock_guard lock(mutex);
      if (stopped) return;
      queue.push_back(std::move(work_item));
      if (std::exchange(drain_scheduled, true)) return;
    }
    asio::post(context, [this] { drain(); });
  }

  // Runs one batch; what it posts itself comes in the next, after sockets had their turn.
  void drain() {
    {
      std::lock_guard lock(mutex);
      batch.swap(queue);
      drain_scheduled = false;
    }
    for (Callback& callback : batch) {
      if (context.stopped()) break;
      Callback running = std::move(callback);
      running();
    }
    batch.clear();
  }

  TimerId add_timer(int64_t delay_us, Callback work_item) {
    const auto at = SteadyClock::now() + std::chrono::microseconds(std::max<int64_t>(delay_us, 0));
    bool earliest = false;
    TimerId id = 0;
    {
      std::lock_guard lock(mutex);
      id = ++last_timer;
      if (stopped) return id;
      const auto place = timers.emplace(Deadline{at, id}, std::move(work_item)).first;
      deadlines.emplace(id, at);
      earliest = place == timers.begin();
    }
    if (earliest) asio::post(context, [this] { arm(); });
    return id;
  }

  void remove_timer(TimerId id) {
    Callback removed;  // destroyed after the lock is gone
    std::lock_guard lock(mutex);
    const auto known = deadlines.find(id);
    if (known == deadlines.end()) return;
    const auto timer = timers.find({known->second, id});
    removed = std::move(timer->second);
    timers.erase(timer);
    deadlines.erase(known);
  }

  void arm() {
    SteadyClock::time_point next;
    {
      std::lock_guard lock(mutex);
      if (timers.empty()) return;
      next = timers.begin()->first.first;
    }
    alarm.expires_at(next);
    alarm.async_wait([this](const boost::system::error_code& error) {
      if (!error) run_due_timers();
    });
  }

  void run_due_timers() {
    const auto now = SteadyClock::now();
    while (!context.stopped()) {
      Callback due;
      {
        std::lock_guard lock(mutex);
        if (timers.empty() || timers.begin()->first.first > now) break;
        const auto first = timers.begin();
        due = std::move(first->second);
        deadlines.erase(first->first.second);
        timers.erase(first);
      }
      due();
    }
    arm();
  }

  // Destroys what will not be run any more. Destructors may post again, which is then refused.
  void discard() {
    std::vector<Callback> left;
    std::map<Deadline, Callback> left_timers;
    std::lock_guard lock(mutex);
    stopped = true;
    left.swap(queue);
    left_timers.swap(timers);
    deadlines.clear();
  }
};

Reactor::Reactor() : implementation_(std::make_unique<Implementation>()) {}
Reactor::~Reactor() {
  implementation_->discard();
}

void Reactor::post(Callback work) {
  implementation_->post(std::move(work));
}
TimerId Reactor::run_after(int64_t delay_us, Callback work) {
  return implementation_->add_timer(delay_us, std::move(work));
}
void Reactor::cancel(TimerId timer) {
  implementation_->remove_timer(timer);
}
bool Reactor::is_current() const {
  return current_reactor == this;
}

void Reactor::run() {
  current_reactor = this;
  implementation_->context.run();
  current_reactor = nullptr;
}

void Reactor::stop() {
  {
    std::lock_guard lock(implementation_->mutex);
    implementation_->stopped = true;
  }
  implementation_->context.stop();
}

asio::io_context& asio_context(Reactor& reactor) {
  return reactor.implementation().context;
}

Reactors::Reactors(size_t count) {
  if (count == 0) count = std::max(1u, std::thread::hardware_concurrency());
  for (size_t i = 0; i < count; ++i) reactors_.push_back(std::make_unique<Reactor>());
}

Reactors::~Reactors() {
  stop();
}

std::vector<Executor*> Reactors::executors() {
  std::vector<Executor*> all;
  for (const auto& reactor : reactors_) all.push_back(reactor.get());
  return all;
}

void Reactors::start() {
  for (const auto& reactor : reactors_) {
    threads_.emplace_back([&reactor = *reactor] { reactor.run(); });
  }
}

void Reactors::stop() {
  for (const auto& reactor : reactors_) reactor->stop();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

}  // namespace millstream::io
