#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "http/message.h"
#include "http/server.h"
#include "services/functions/environments/environment_host.h"
#include "services/functions/environments/environment_log.h"
#include "services/functions/environments/failure.h"
#include "services/functions/environments/job.h"
#include "services/functions/function_version.h"
#include "services/functions/sandbox/sandboxes.h"

namespace millstream::functions {

class Environment;

// Whoever holds environments: a pool. Called on the host's executor.
class EnvironmentOwner {
 public:
  virtual ~EnvironmentOwner() = default;
  // It waits for an event: Environment::run may be called, also from inside.
  virtual void environment_idle(const std::shared_ptr<Environment>& environment) = 0;
  // It had ended before it was given `job`, which no code has seen: another one may have it.
  virtual void job_given_back(Job job) = 0;
  // Nothing of it is left; comes once, last. `init_failure` is set if it never became idle.
  virtual void environment_ended(const std::shared_ptr<Environment>& environment,
                                 std::optional<Failure> init_failure) = 0;
};

// How an environment is started (environments/launch_plan.h).
struct LaunchPlan {
  SandboxSpec spec;
  CodeDirectory code_directory;  // held while the environment lives
  std::string runtime_version;  // "python:3.13.0"
  EnvironmentCredentials credentials;
  LogTarget log_target;
  int64_t init_timeout_us = 0;
};

// One execution environment of a function: a sandbox whose runtime asks for events over the Runtime
// API and answers them.
//
// Operation: starting -> idle <-> busy -> ended. The runtime's pending "next" request is what makes
// it idle. A deadline that passes, a crash and an answer after the deadline end it. A job is
// answered once what it printed was read, and the next one begins after that.
// Threads: everything on the host's executor, except what the sandbox's callbacks do, which is
// handed over to it at once.
class Environment : public std::enable_shared_from_this<Environment> {
 public:
  Environment(const EnvironmentHost& host, std::shared_ptr<EnvironmentOwner> owner,
              std::shared_ptr<const FunctionVersion> version, LaunchPlan plan);

  void start();
  // Gives an idle environment an event. The job is answered exactly once.
  void run(Job job);
  // Tells a job that waited for this environment that it never came to be, with the log lines that
  // go with it.
  void fail(Job job, const Failure& failure);
  // Kills it; a running job is answered with kStopped. environment_ended follows.
  void stop();

  [[nodiscard]] const FunctionVersion& version() const { return *version_; }
  [[nodiscard]] bool is_idle() const { return state_ == State::kIdle; }
  [[nodiscard]] io::Executor& executor() const { return host_.executor; }

  // ---- The Runtime API's requests (environments/runtime_api.h), on the host's executor.
  struct Event {
    std::string request_id;
    std::string client_context;
    std::shared_ptr<const std::string> payload;
    int64_t deadline_ms = 0;
    std::string function_arn;
    std::string trace_id;
  };
  // nullopt: the environment is being stopped.
  using EventSlot = std::shared_ptr<io::OneShot<std::optional<Event>>>;
  enum class Reply { kAccepted, kWrongState, kUnknownRequest, kTooLarge };
  // nullptr: not allowed in this state.
  EventSlot next(io::Executor& home);
  Reply respond(std::string_view request_id, std::string body);
  Reply report_error(std::string_view request_id, std::string type, std::string body);
  Reply report_init_error(std::string type, std::string body);
  [[nodiscard]] std::string_view state_name() const;

 private:
  enum class State { kStarting, kIdle, kBusy, kAnswered, kEnding };

  SandboxEvents sandbox_events();
  void listen(SandboxListeners listeners);
  void drain();
  void drained(uint64_t memory_peak_bytes);
  void became_idle();
  void deadline_passed(uint64_t timer_round);
  void ended(const SandboxEnd& end);
  void kill();
  void arm(int64_t delay_us);
  void disarm();
  // A job that is over and answered once what it printed is there.
  struct Finished {
    Job job;
    InvokeOutcome outcome;
    std::optional<Failure> failure;
    std::string last_line;  // of the platform, before END; may be empty
    int64_t duration_us = 0;
  };
  void finish_job(InvokeOutcome outcome, std::optional<Failure> failure,
                  std::string last_line = "");
  void answer_finished(uint64_t memory_peak_bytes);
  std::string report_line(const Finished& finished, uint64_t memory_peak_bytes);

  // Constant.
  const EnvironmentHost host_;
  const std::shared_ptr<const FunctionVersion> version_;
  const LaunchPlan plan_;
  EnvironmentLog log_;  // synchronised itself

  // Owned by the executor's thread.
  std::shared_ptr<EnvironmentOwner> owner_;
  std::shared_ptr<Sandbox> sandbox_;
  State state_ = State::kStarting;
  bool initialised_ = false;
  std::optional<Failure> failure_;  // why it is ending
  std::optional<Job> job_;
  std::optional<Finished> finished_;
  EventSlot waiting_next_;
  io::TimerId timer_ = 0;
  uint64_t timer_round_ = 0;
  int64_t started_us_ = 0;        // of the initialisation, then of the invocation
  int64_t init_duration_us_ = 0;  // until a REPORT has told it
  std::vector<http::Server::ListenerId> listeners_;
};

}  // namespace millstream::functions
