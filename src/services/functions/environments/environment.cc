#include "services/functions/environments/environment.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "base/hex.h"
#include "base/time_text.h"
#include "services/functions/environments/runtime_api.h"

namespace millstream::functions {
namespace {

constexpr int64_t kMicrosecondsPerSecond = 1'000'000;

// What one environment may take of the server through its Runtime API, where it has one request
// under way and answers with up to 6 MB: the rest is for runtimes that do more at once than needed.
constexpr http::ListenerLimits kRuntimeApiLimits = {.connections_max = 16,
                                                    .requests_max = 16,
                                                    .bytes_max = 16u << 20,
                                                    .body_bytes_max = 8u << 20,
                                                    .http2_streams_max = 8};

std::string new_trace_id(const Clock& clock, Random& random) {
  unsigned char bytes[20];
  random.fill(bytes, sizeof bytes);
  const std::string digits = to_hex({reinterpret_cast<const char*>(bytes), sizeof bytes});
  return fmt::format("Root=1-{:08x}-{};Parent={};Sampled=0", clock.wall_ms() / 1000,
                     digits.substr(0, 24), digits.substr(24, 16));
}

}  // namespace

Environment::Environment(const EnvironmentHost& host, std::shared_ptr<EnvironmentOwner> owner,
                         std::shared_ptr<const FunctionVersion> version, LaunchPlan plan)
    : host_(host),
      version_(std::move(version)),
      plan_(std::move(plan)),
      log_(plan_.log_target, host.log_sink, host.clock),
      owner_(std::move(owner)) {}

void Environment::start() {
  started_us_ = host_.clock.monotonic_us();
  log_.platform_line("INIT_START Runtime Version: " + plan_.runtime_version);
  host_.access.admit(plan_.credentials);
  arm(plan_.init_timeout_us);
  sandbox_ = host_.sandboxes.start(plan_.spec, static_cast<uint64_t>(version_->memory_mb) << 20,
                                   sandbox_events());
}

SandboxEvents Environment::sandbox_events() {
  auto self = shared_from_this();
  SandboxEvents events;
  events.on_ready = [self](SandboxListeners listeners) { self->listen(std::move(listeners)); };
  events.on_output = [self](std::string_view bytes) { self->log_.print(bytes); };
  events.on_end = [self](SandboxEnd end) {
    self->host_.executor.post([self, end = std::move(end)] { self->ended(end); });
  };
  return events;
}

// On the Sandboxes' thread: the executor learns the listeners before it can learn of the end.
void Environment::listen(SandboxListeners listeners) {
  const std::string label = environment_label(plan_.credentials);
  auto runtime_api = host_.server.adopt(
      std::move(listeners.runtime_api),
      {runtime_api_handler(shared_from_this()), label, nullptr, nullptr, kRuntimeApiLimits});
  auto aws =
      host_.server.adopt(std::move(listeners.aws_endpoint), host_.access.aws_endpoint(label));
  std::vector<http::Server::ListenerId> opened;
  if (runtime_api) opened.push_back(*runtime_api);
  if (aws) opened.push_back(*aws);
  host_.executor.post([self = shared_from_this(), opened = std::move(opened)] {
    self->listeners_ = opened;
    if (opened.size() == 2) return;
    self->failure_ = Failure{"Runtime.Unknown", "the environment's listeners can't be served"};
    self->failure_->by_host = true;
    self->kill();
  });
}

void Environment::run(Job job) {
  CHECK(state_ == State::kIdle && !job_ && waiting_next_);
  state_ = State::kBusy;
  job_.emplace(std::move(job));
  started_us_ = host_.clock.monotonic_us();
  const int64_t timeout_us = version_->timeout_s * kMicrosecondsPerSecond;
  arm(timeout_us);
  if (job_->invocation.log_tail) log_.begin_tail();
  log_.platform_line(
      fmt::format("START RequestId: {} Version: $LATEST", job_->invocation.request_id));
  Event event;
  event.request_id = job_->invocation.request_id;
  event.client_context = job_->invocation.client_context;
  event.payload = job_->payload;
  event.deadline_ms = host_.clock.wall_ms() + timeout_us / 1000;
  event.function_arn = version_->arn;
  event.trace_id = new_trace_id(host_.clock, host_.random);
  std::exchange(waiting_next_, nullptr)->set(std::move(event));
}

Environment::EventSlot Environment::next(io::Executor& home) {
  if (state_ == State::kBusy || waiting_next_) return nullptr;
  auto slot = std::make_shared<io::OneShot<std::optional<Event>>>(home);
  if (state_ == State::kEnding) {
    slot->set(std::nullopt);
    return slot;
  }
  waiting_next_ = slot;
  disarm();
  if (state_ == State::kStarting) {
    init_duration_us_ = host_.clock.monotonic_us() - started_us_;
    drain();
  } else if (!finished_) {
    became_idle();
  }
  return slot;
}

void Environment::drain() {
  sandbox_->drain([self = shared_from_this()](uint64_t memory_peak_bytes) {
    self->host_.executor.post([self, memory_peak_bytes] { self->drained(memory_peak_bytes); });
  });
}

void Environment::drained(uint64_t memory_peak_bytes) {
  if (finished_) answer_finished(memory_peak_bytes);
  if (waiting_next_ && state_ != State::kEnding) became_idle();
}

void Environment::became_idle() {
  state_ = State::kIdle;
  initialised_ = true;
  owner_->environment_idle(shared_from_this());
}

Environment::Reply Environment::respond(std::string_view request_id, std::string body) {
  if (state_ != State::kBusy) return Reply::kWrongState;
  if (job_->invocation.request_id != request_id) return Reply::kUnknownRequest;
  InvokeOutcome outcome;
  if (body.size() > kResponseBytesMax) {
    finish_job(std::move(outcome), response_too_large(body.size()));
    return Reply::kTooLarge;
  }
  outcome.payload = std::move(body);
  finish_job(std::move(outcome), std::nullopt);
  return Reply::kAccepted;
}

Environment::Reply Environment::report_error(std::string_view request_id, std::string type,
                                             std::string body) {
  if (state_ != State::kBusy) return Reply::kWrongState;
  if (job_->invocation.request_id != request_id) return Reply::kUnknownRequest;
  finish_job({}, reported_failure(std::move(type), std::move(body)));
  return Reply::kAccepted;
}

Environment::Reply Environment::report_init_error(std::string type, std::string body) {
  if (state_ != State::kStarting) return Reply::kWrongState;
  failure_ = reported_failure(std::move(type), std::move(body));
  kill();
  return Reply::kAccepted;
}

// Everything that the function printed before it answered is in the pipe by now.
void Environment::finish_job(InvokeOutcome outcome, std::optional<Failure> failure,
                             std::string last_line) {
  CHECK(!finished_);
  const int64_t duration_us = host_.clock.monotonic_us() - started_us_;
  if (state_ == State::kBusy) state_ = State::kAnswered;
  finished_.emplace(Finished{std::move(*job_), std::move(outcome), std::move(failure),
                             std::move(last_line), duration_us});
  job_.reset();
  if (sandbox_) drain();
}

void Environment::answer_finished(uint64_t memory_peak_bytes) {
  Finished finished = std::move(*finished_);
  finished_.reset();
  const std::string& request_id = finished.job.invocation.request_id;
  if (finished.failure) {
    finished.outcome.function_error = "Unhandled";
    finished.outcome.payload = finished.failure->payload(request_id);
  }
  if (!finished.last_line.empty()) log_.platform_line(std::move(finished.last_line));
  log_.platform_line("END RequestId: " + request_id);
  log_.platform_line(report_line(finished, memory_peak_bytes));
  finished.outcome.log_tail = log_.end_invocation();
  answer(finished.job, std::move(finished.outcome));
}

std::string Environment::report_line(const Finished& finished, uint64_t memory_peak_bytes) {
  const int64_t init_us = std::exchange(init_duration_us_, 0);
  const auto billed_ms =
      static_cast<int64_t>(std::ceil(static_cast<double>(finished.duration_us + init_us) / 1000.0));
  std::string line = fmt::format(
      "REPORT RequestId: {}\tDuration: {:.2f} ms\tBilled Duration: {} ms\tMemory Size: {} MB",
      finished.job.invocation.request_id, static_cast<double>(finished.duration_us) / 1000.0,
      billed_ms, version_->memory_mb);
  if (memory_peak_bytes > 0) {  // not measured where there is no cgroup
    line += fmt::format("\tMax Memory Used: {} MB", (memory_peak_bytes + (1 << 20) - 1) >> 20);
  }
  if (init_us > 0) line += fmt::format("\tInit Duration: {:.2f} ms", init_us / 1000.0);
  const std::optional<Failure>& failure = finished.failure;
  if (!failure || (failure->status == "error" && !failure->body.empty())) return line;
  line += "\tStatus: " + failure->status;
  if (failure->status == "error") {
    line +=
        "\tError Type: " + (failure->report_type.empty() ? failure->type : failure->report_type);
  }
  return line;
}

void Environment::fail(Job job, const Failure& failure) {
  const std::string request_id = job.invocation.request_id;
  if (job.invocation.log_tail) log_.begin_tail();
  job_.emplace(std::move(job));
  log_.platform_line(fmt::format("START RequestId: {} Version: $LATEST", request_id));
  if (failure.body.empty()) {
    log_.platform_line(
        fmt::format("RequestId: {} Error: {}\n{}", request_id, failure.message, failure.type));
  }
  finish_job({}, failure);
  answer_finished(0);
}

void Environment::deadline_passed(uint64_t timer_round) {
  if (timer_round != timer_round_ || state_ == State::kEnding || state_ == State::kIdle) return;
  timer_ = 0;
  if (state_ == State::kStarting) {
    failure_ =
        timeout_failure(static_cast<int32_t>(plan_.init_timeout_us / kMicrosecondsPerSecond));
    log_.platform_line(
        fmt::format("INIT_REPORT Init Duration: {:.2f} ms\tPhase: init\tStatus: timeout",
                    (host_.clock.monotonic_us() - started_us_) / 1000.0));
    return kill();
  }
  if (state_ == State::kBusy) {
    Failure failure = timeout_failure(version_->timeout_s);
    std::string line = fmt::format("{} {} {}", iso8601_ms(host_.clock.wall_ms()),
                                   job_->invocation.request_id, failure.message);
    finish_job({}, std::move(failure), std::move(line));
  }
  kill();
}

void Environment::stop() {
  if (job_) {
    InvokeOutcome outcome;
    outcome.status = InvokeStatus::kStopped;
    Job job = std::move(*job_);
    job_.reset();
    answer(job, std::move(outcome));
  }
  kill();
}

void Environment::kill() {
  disarm();
  state_ = State::kEnding;
  if (sandbox_) sandbox_->kill();
}

void Environment::ended(const SandboxEnd& end) {
  auto self = shared_from_this();
  disarm();
  for (const auto listener : listeners_) host_.server.remove(listener);
  host_.access.dismiss(plan_.credentials.access_key_id);
  if (waiting_next_) std::exchange(waiting_next_, nullptr)->set(std::nullopt);
  if (!failure_) failure_ = exit_failure(end);
  if (!end.failure.empty()) {
    failure_ = Failure{"Runtime.Unknown", "the environment could not be started: " + end.failure};
    failure_->by_host = true;
  }
  sandbox_.reset();  // all that it printed is there
  const bool unseen = job_ && !job_->given_back && end.ended_us != 0 && end.ended_us < started_us_;
  if (unseen) {
    job_->given_back = true;
    owner_->job_given_back(std::move(*std::exchange(job_, std::nullopt)));
  } else if (job_) {
    std::string line = fmt::format("RequestId: {} Error: {}\n{}", job_->invocation.request_id,
                                   failure_->message, failure_->type);
    finish_job({}, failure_, std::move(line));
  }
  if (finished_) answer_finished(end.memory_peak_bytes);
  log_.flush();
  state_ = State::kEnding;
  const auto owner = std::exchange(owner_, nullptr);
  owner->environment_ended(self, initialised_ ? std::nullopt : std::move(failure_));
}

void Environment::arm(int64_t delay_us) {
  disarm();
  timer_ = host_.executor.run_after(delay_us, [self = weak_from_this(), round = timer_round_] {
    if (const auto environment = self.lock()) environment->deadline_passed(round);
  });
}

void Environment::disarm() {
  ++timer_round_;
  if (timer_ != 0) host_.executor.cancel(std::exchange(timer_, 0));
}

std::string_view Environment::state_name() const {
  switch (state_) {
    case State::kStarting:
      return "Initializing";
    case State::kIdle:
      return "Ready";
    case State::kBusy:
      return "Running";
    case State::kAnswered:
      return "InvocationResponse";
    case State::kEnding:
      return "Exited";
  }
  return "Unknown";
}

}  // namespace millstream::functions
