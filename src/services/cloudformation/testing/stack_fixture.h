#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lanes/testing/forwarding_lanes.h"
#include "lanes/testing/lanes_fixture.h"
#include "services/cloudformation/operations.gen.h"
#include "services/cloudformation/service.h"
#include "services/cloudformation/testing/fake_services.h"

namespace millstream::cloudformation::testing {

// Lanes that stop storing after so many transactions, as a process that dies does.
class CutOffLanes final : public lanes::testing::ForwardingLanes {
 public:
  using ForwardingLanes::ForwardingLanes;
  // How many more transactions are stored; none is counted while it is empty.
  std::optional<int> commits_left;

  io::Task<Result<>> commit(io::Executor& home, lanes::LaneId lane,
                            std::function<bool(lanes::Transaction&)> evaluate) override;
};

// CloudFormation on real lanes in memory, acting on fake services.
class StackFixture {
 public:
  StackFixture();
  ~StackFixture();

  // Runs one operation to its end, without what the engine does afterwards.
  template <class Output, class Input>
  aws::Result<Output> run(io::Task<aws::Result<Output>> (*operation)(Service&,
                                                                     const aws::RequestContext&,
                                                                     Input),
                          Input input) {
    return node_.run(operation(*service_, context_, std::move(input)));
  }
  // Lets the engine work until nothing is under way, or all that is pauses.
  void settle();
  // Lets ten seconds pass, and what begins again then settle.
  void pass_time();
  // The process dies and starts again: the stacks that were busy go on.
  void restart();

  // Shorthands; each runs the engine to the end. The failure's message, or "".
  std::string create(const std::string& body, std::vector<api::Parameter> parameters = {});
  std::string update(const std::string& body, std::vector<api::Parameter> parameters = {});
  void remove();
  // Asks for the deletion and doesn't wait for the answer.
  void begin_remove();
  [[nodiscard]] std::string status();
  [[nodiscard]] std::string status_reason();
  [[nodiscard]] std::map<std::string, std::string> outputs();
  // "Logical STATUS" of every event, oldest first; the stack's own are "stack STATUS".
  [[nodiscard]] std::vector<std::string> events();
  // The reason of the first event of that resource that has one.
  [[nodiscard]] std::string reason_of(const std::string& logical_id);
  [[nodiscard]] std::string physical_id(const std::string& logical_id);

  FakeServices services;
  std::vector<std::string> warnings;
  [[nodiscard]] CutOffLanes& lanes() { return *lanes_; }

 private:
  void open();
  void end_runs();
  std::vector<api::StackEvent> newest_first();
  std::optional<api::Stack> stack();

  lanes::testing::LanesFixture node_;
  std::unique_ptr<CutOffLanes> lanes_;
  std::unique_ptr<Service> service_;
  aws::RequestContext context_;
  std::string stack_id_;
};

}  // namespace millstream::cloudformation::testing
