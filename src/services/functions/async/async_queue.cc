#include "services/functions/async/async_queue.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "services/functions/async/entry.h"

namespace millstream::functions {
namespace {

constexpr int64_t kAgeMsMax = 6 * 60 * 60 * 1000LL;
constexpr int kRetriesMax = 2;
constexpr int64_t kRetryDelaysMs[kRetriesMax] = {60'000, 120'000};
constexpr int64_t kDelayMsFirst = 1000;
constexpr int64_t kDelayMsMax = 5 * 60 * 1000LL;

// Of a try that came to nothing for the `failures`-th time, counted from 0.
int64_t growing_delay_ms(int failures) {
  return std::min(kDelayMsFirst << std::min(failures, 9), kDelayMsMax);
}

}  // namespace

// Kept by whatever is under way, so that nothing outlives it.
class AsyncQueue::State : public std::enable_shared_from_this<State> {
 public:
  State(lanes::Lanes& lanes, Invoker& invoker, const Clock& clock, io::Executor& background,
        std::function<void(const std::string&)> warn)
      : lanes_(lanes),
        invoker_(invoker),
        clock_(clock),
        background_(background),
        warn_(std::move(warn)) {}

  Result<> load() {
    return lanes_.scan_now(kQueuePrefix, lanes::prefix_end(kQueuePrefix),
                           [this](std::string_view key, std::string_view value) -> Result<> {
                             auto parsed = parse_key(key);
                             if (!parsed) return parsed.take_error();
                             auto entry = decode_entry(value);
                             if (!entry) return entry.take_error();
                             entry->payload.clear();  // read again when it is run
                             schedule({{parsed->address, parsed->rest}}, entry->not_before_ms);
                             return {};
                           });
  }

  io::Task<Result<>> add(io::Executor& home, Invocation invocation) {
    const FunctionAddress address{invocation.account, invocation.region, invocation.function_name};
    const Name name{address, invocation.request_id};
    AsyncEntry entry;
    entry.accepted_ms = clock_.wall_ms();
    entry.client_context = std::move(invocation.client_context);
    entry.payload = std::move(invocation.payload);
    Result<> stored = co_await put(home, name, encode_entry(entry));
    if (stored) schedule({name}, 0);
    co_return stored;
  }

  void stop() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    functions_.clear();
  }
  size_t running() {
    const std::lock_guard lock(mutex_);
    return running_;
  }

 private:
  struct Name {
    FunctionAddress address;
    std::string request_id;
  };
  // An entry that stands in the function's lane.
  struct Queued {
    Name name;
    bool answered = false;  // only to be erased
    int failures = 0;       // of reading or erasing it, in a row
  };
  struct PerFunction {
    std::deque<Queued> waiting;
    size_t running = 0;
  };

  [[nodiscard]] lanes::LaneId lane_of(const Name& name) const {
    return lanes_.lane_of(function_hash(name.address));
  }

  io::Task<Result<>> put(io::Executor& home, Name name, std::string value) {
    const std::string key = queue_key(name.address, name.request_id);
    auto body = [&](lanes::Transaction& transaction) -> Result<> {
      transaction.put(key, value);
      return {};
    };
    Result<> done = co_await lanes_.run(home, lane_of(name), body);
    co_return done;
  }

  io::Task<Result<>> erase(Name name) {
    const std::string key = queue_key(name.address, name.request_id);
    auto body = [&](lanes::Transaction& transaction) -> Result<> {
      transaction.erase(key);
      return {};
    };
    Result<> done = co_await lanes_.run(background_, lane_of(name), body);
    co_return done;
  }

  void schedule(Queued queued, int64_t not_before_ms) {
    const int64_t delay_ms = std::max<int64_t>(0, not_before_ms - clock_.wall_ms());
    auto work = [weak = weak_from_this(), queued = std::move(queued)] {
      if (const auto state = weak.lock()) state->enqueue(queued);
    };
    if (delay_ms == 0) {
      background_.post(std::move(work));
    } else {
      background_.run_after(delay_ms * 1000, std::move(work));
    }
  }

  void enqueue(Queued queued) {
    const FunctionAddress address = queued.name.address;
    {
      const std::lock_guard lock(mutex_);
      if (stopped_) return;
      functions_[address].waiting.push_back(std::move(queued));
    }
    start_next(address);
  }

  void start_next(const FunctionAddress& address) {
    Queued queued;
    {
      const std::lock_guard lock(mutex_);
      const auto found = functions_.find(address);
      if (stopped_ || found == functions_.end()) return;
      PerFunction& function = found->second;
      if (function.waiting.empty()) {
        if (function.running == 0) functions_.erase(found);
        return;
      }
      if (function.running >= kRunningPerFunctionMax) return;
      queued = std::move(function.waiting.front());
      function.waiting.pop_front();
      ++function.running;
      ++running_;
    }
    io::spawn(run(shared_from_this(), std::move(queued)));
  }

  void ended(const FunctionAddress& address) {
    {
      const std::lock_guard lock(mutex_);
      --running_;
      if (const auto found = functions_.find(address); found != functions_.end()) {
        --found->second.running;
      }
    }
    start_next(address);
  }

  io::Task<> run(std::shared_ptr<State> self, Queued queued) {
    Result<> done = co_await run_once(queued);
    const FunctionAddress address = queued.name.address;
    if (!done) {
      warn_(address.arn() + ": an asynchronous invocation that was " +
            (queued.answered ? "answered" : "accepted") +
            " stays queued and is looked at again later: " + done.error().message);
      const int64_t delay_ms = growing_delay_ms(queued.failures++);
      schedule(std::move(queued), clock_.wall_ms() + delay_ms);
    }
    self->ended(address);
  }

  // On a failure the entry still stands, and isn't scheduled. `queued` outlives the task.
  io::Task<Result<>> run_once(Queued& queued) {
    const Name& name = queued.name;
    if (queued.answered) {
      Result<> erased = co_await erase(name);
      co_return erased;
    }
    auto value = co_await lanes_.get(background_, queue_key(name.address, name.request_id));
    if (!value) co_return value.take_error();
    if (!*value) co_return Result<>();
    auto entry = decode_entry(**value);
    if (!entry) co_return entry.take_error();
    Invocation invocation;
    invocation.account = name.address.account;
    invocation.region = name.address.region;
    invocation.function_name = name.address.name;
    invocation.payload = entry->payload;
    invocation.client_context = entry->client_context;
    invocation.request_id = name.request_id;
    InvokeOutcome outcome = co_await invoker_.invoke(background_, std::move(invocation));
    Result<> settled = co_await settle(queued, entry.take(), std::move(outcome));
    co_return settled;
  }

  io::Task<Result<>> settle(Queued& queued, AsyncEntry entry, InvokeOutcome outcome) {
    const Name& name = queued.name;
    if (outcome.status == InvokeStatus::kStopped) co_return Result<>();
    const bool answered = outcome.status == InvokeStatus::kAnswered;
    const bool retried =
        retry(answered && !outcome.function_error.empty(),
              outcome.status == InvokeStatus::kThrottled || outcome.status == InvokeStatus::kFailed,
              &entry);
    if (!outcome.failure.empty()) warn_(name.address.arn() + ": " + outcome.failure);
    if (!retried) {
      if (!answered && outcome.status != InvokeStatus::kNotFound) {
        warn_(name.address.arn() + ": an event was dropped after six hours of tries");
      }
      queued.answered = true;
      queued.failures = 0;
      Result<> erased = co_await erase(name);
      co_return erased;
    }
    Result<> stored = co_await put(background_, name, encode_entry(entry));
    if (!stored) {
      warn_(name.address.arn() + ": a try of an asynchronous invocation can't be written down: " +
            stored.error().message);
    }
    schedule({name}, entry.not_before_ms);
    co_return Result<>();
  }

  // Sets when the entry is tried again; false if it is done with.
  bool retry(bool function_failed, bool could_not_run, AsyncEntry* entry) {
    const int64_t now_ms = clock_.wall_ms();
    if (now_ms - entry->accepted_ms > kAgeMsMax) return false;
    if (function_failed && entry->function_errors < kRetriesMax) {
      entry->not_before_ms = now_ms + kRetryDelaysMs[entry->function_errors++];
      return true;
    }
    if (!could_not_run) return false;
    entry->not_before_ms = now_ms + growing_delay_ms(entry->throttles++);
    return true;
  }

  lanes::Lanes& lanes_;
  Invoker& invoker_;
  const Clock& clock_;
  io::Executor& background_;
  const std::function<void(const std::string&)> warn_;

  std::mutex mutex_;
  // Guarded by mutex_.
  std::map<FunctionAddress, PerFunction> functions_;
  size_t running_ = 0;
  bool stopped_ = false;
};

AsyncQueue::AsyncQueue(lanes::Lanes& lanes, Invoker& invoker, const Clock& clock,
                       io::Executor& background, std::function<void(const std::string&)> warn)
    : state_(std::make_shared<State>(lanes, invoker, clock, background, std::move(warn))) {}

AsyncQueue::~AsyncQueue() {
  stop();
}

Result<> AsyncQueue::start() {
  return state_->load();
}
void AsyncQueue::stop() {
  state_->stop();
}
size_t AsyncQueue::running() const {
  return state_->running();
}

io::Task<Result<>> AsyncQueue::add(io::Executor& home, Invocation invocation) {
  Result<> added = co_await state_->add(home, std::move(invocation));
  co_return added;
}

}  // namespace millstream::functions
