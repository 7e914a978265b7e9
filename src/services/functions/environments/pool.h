#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "services/functions/environments/capacity.h"
#include "services/functions/environments/environment.h"
#include "services/functions/environments/launch_plan.h"

namespace millstream::functions {

class Pool;

// What pools share, and what they tell. Owned by the executor's thread except for what is
// thread-safe itself.
class PoolShared {
 public:
  virtual ~PoolShared() = default;
  [[nodiscard]] virtual const EnvironmentHost& host() const = 0;
  // Code and interpreter lookup off the executor; goes on on the executor.
  virtual io::Task<Result<LaunchPlan>> plan(std::shared_ptr<const FunctionVersion> version) = 0;
  [[nodiscard]] virtual Capacity& capacity() = 0;
  // Something waits, or room became free: soon the pool whose invocation has waited longest grows.
  virtual void consider_growth() = 0;
  // Whether `pool` should give one of its environments up, for another that has none and finds no
  // room.
  [[nodiscard]] virtual bool must_yield(const Pool& pool) const = 0;
  [[nodiscard]] virtual int64_t idle_timeout_us() const = 0;
  [[nodiscard]] virtual int64_t init_timeout_us() const = 0;
};

// The environments of one function, and the invocations that wait for one.
//
// Operation: an invocation takes an idle environment (the one used last, so the others can go) or
// waits; for each that waits one more environment is started while the machine has room. Whichever
// environment becomes idle takes the one that has waited longest. A failed start answers the one
// that has waited longest with the reason. An event that was given to an environment which had ended
// before goes to another one. Threads: the executor's.
class Pool final : public EnvironmentOwner, public std::enable_shared_from_this<Pool> {
 public:
  Pool(PoolShared& shared, std::shared_ptr<const FunctionVersion> version);

  // From now on environments are made of `version`; those of earlier ones end when they are idle.
  void use(std::shared_ptr<const FunctionVersion> version);
  void submit(Job job);
  // Starts one more environment if there is room; false if there is none.
  bool grow_one();
  // Since when an invocation waits that no environment is being started for; INT64_MAX if none
  // does.
  [[nodiscard]] int64_t waiting_since_us() const;
  [[nodiscard]] size_t environment_count() const { return environments_.size() + starting_; }
  [[nodiscard]] const FunctionVersion& version() const { return *version_; }
  // Answers what waits with `status` and ends everything, running invocations too if `running`.
  void close(InvokeStatus status, bool running);

  [[nodiscard]] int64_t idle_since_us() const;  // of its longest idle one; INT64_MAX if none is
  void end_longest_idle();
  [[nodiscard]] bool empty() const {
    return waiting_.empty() && environments_.empty() && starting_ == 0;
  }

  void environment_idle(const std::shared_ptr<Environment>& environment) override;
  void job_given_back(Job job) override;
  void environment_ended(const std::shared_ptr<Environment>& environment,
                         std::optional<Failure> init_failure) override;

 private:
  struct Idle {
    std::shared_ptr<Environment> environment;
    int64_t since_us;
  };

  // Whether an initialisation has run out of its own time before, and has the function's now.
  enum class Chance { kFirst, kSecond };
  io::Task<> start_one(std::shared_ptr<Pool> self, std::shared_ptr<const FunctionVersion> version,
                       Chance chance);
  void start_ended();
  void run_or_queue(Job job, std::deque<Job>::iterator before);
  void fail_longest_waiting(InvokeOutcome outcome);
  std::optional<Job> take_waiting();
  void waited_too_long(const std::string& request_id);
  void end_idle_ones();
  void init_failed(const std::shared_ptr<Environment>& environment, Failure failure);

  PoolShared& shared_;
  std::shared_ptr<const FunctionVersion> version_;
  std::deque<Job> waiting_;
  std::vector<Idle> idle_;                               // longest idle first
  std::set<std::shared_ptr<Environment>> environments_;  // all, from start to end
  std::set<const Environment*> initialising_;
  std::set<const Environment*> second_chances_;  // initialised under the function's own timeout
  size_t starting_ = 0;                          // being planned or initialised
  bool sweeping_ = false;
  bool yielding_ = false;  // one of them is ending for another function's sake
  std::optional<InvokeStatus> closed_;  // what it answers what comes after it was closed
};

}  // namespace millstream::functions
