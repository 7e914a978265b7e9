#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "io/blocking_pool.h"
#include "services/functions/environments/environment_host.h"
#include "services/functions/environments/launch_plan.h"
#include "services/functions/environments/pool.h"
#include "services/functions/function_version.h"
#include "services/functions/invoker.h"

namespace millstream::functions {

struct EnvironmentsOptions {
  CapacityLimits capacity = default_capacity();
  int64_t idle_timeout_us = 5 * 60 * 1'000'000LL;
  // Lambda's ten seconds. An initialisation that takes longer is tried again in the invocation's
  // time.
  int64_t init_timeout_us = 10'000'000;
};

// All environments of this server: a pool for each function.
//
// Threads: invoke and forget may be called from any thread; the state belongs to the host's
// executor. Everything given to the constructor outlives it, and the executor has stopped, or every
// environment has ended, before it goes.
class Environments final : public Invoker, private PoolShared {
 public:
  Environments(const EnvironmentHost& host, FunctionSource& source, Launcher& launcher,
               io::BlockingPool& blocking, EnvironmentsOptions options);

  io::Task<InvokeOutcome> invoke(io::Executor& home, Invocation invocation) override;

  // The function was deleted: what waits is answered with kNotFound, what runs may end.
  void forget(const std::string& account, const std::string& region, const std::string& name);
  // Answers everything with kStopped and kills all environments; from now on nothing is invoked. On
  // the host's executor.
  void stop();
  // Whether any environment, or the start of one, is left. On the host's executor.
  [[nodiscard]] bool busy();

 private:
  [[nodiscard]] const EnvironmentHost& host() const override { return host_; }
  io::Task<Result<LaunchPlan>> plan(std::shared_ptr<const FunctionVersion> version) override;
  [[nodiscard]] Capacity& capacity() override { return capacity_; }
  void consider_growth() override;
  [[nodiscard]] bool must_yield(const Pool& pool) const override;
  [[nodiscard]] int64_t idle_timeout_us() const override { return options_.idle_timeout_us; }
  [[nodiscard]] int64_t init_timeout_us() const override { return options_.init_timeout_us; }

  void submit(Job job);
  void grow_pools();
  [[nodiscard]] Pool* longest_waiting() const;
  void end_longest_idle();
  void drop_empty_pools();

  // Constant.
  const EnvironmentHost host_;
  FunctionSource& source_;
  Launcher& launcher_;
  io::BlockingPool& blocking_;
  const EnvironmentsOptions options_;

  // Owned by the executor's thread.
  Capacity capacity_;
  std::map<std::string, std::shared_ptr<Pool>> pools_;  // by the function's ARN
  std::vector<std::shared_ptr<Pool>> closing_;          // of deleted functions
  bool stopped_ = false;
  bool growth_posted_ = false;
};

}  // namespace millstream::functions
