#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lanes/testing/lanes_fixture.h"
#include "services/cloudformation/operations.gen.h"
#include "services/cloudformation/service.h"
#include "services/cloudformation/testing/fake_services.h"

namespace millstream::cloudformation::testing {

// Lanes that stop storing after so many transactions, as a process that dies does.
class CutOffLanes final : public lanes::Lanes {
 public:
  explicit CutOffLanes(lanes::Lanes& lanes) : lanes_(lanes) {}
  // How many more transactions are stored; none is counted while it is empty.
  std::optional<int> commits_left;

  [[nodiscard]] size_t lane_count() const override { return lanes_.lane_count(); }
  [[nodiscard]] lanes::LaneId lane_of(uint64_t hash) const override { return lanes_.lane_of(hash); }
  [[nodiscard]] lanes::LaneId lane_of(lanes::ShardKey shard) const override {
    return lanes_.lane_of(shard);
  }
  io::Task<Result<>> commit(io::Executor& home, lanes::LaneId lane,
                            std::function<bool(lanes::Transaction&)> evaluate) override;
  io::Task<Result<>> settled(io::Executor& home) override { return lanes_.settled(home); }
  io::Task<Result<std::optional<std::string>>> get(io::Executor& home, std::string key) override {
    return lanes_.get(home, std::move(key));
  }
  io::Task<Result<Entries>> scan(io::Executor& home, std::string from, std::string to,
                                 size_t entries_max, size_t bytes_max, bool reverse) override {
    return lanes_.scan(home, std::move(from), std::move(to), entries_max, bytes_max, reverse);
  }
  Result<> scan_now(
      std::string_view from, std::string_view to,
      const std::function<Result<>(std::string_view, std::string_view)>& visit) override {
    return lanes_.scan_now(from, to, visit);
  }
  void observe(std::string prefix, lanes::Observer observer) override {
    lanes_.observe(std::move(prefix), std::move(observer));
  }
  io::Task<Result<lanes::RecordBatch>> read(io::Executor& home, lanes::ShardKey shard,
                                            uint64_t sequence, lanes::ReadLimits limits) override {
    return lanes_.read(home, shard, sequence, limits);
  }
  io::Task<bool> wait(io::Executor& home, lanes::ShardKey shard, uint64_t sequence,
                      int64_t timeout_us) override {
    return lanes_.wait(home, shard, sequence, timeout_us);
  }
  [[nodiscard]] lanes::ShardBounds bounds(lanes::ShardKey shard) override {
    return lanes_.bounds(shard);
  }
  io::Task<Result<uint64_t>> sequence_at(io::Executor& home, lanes::ShardKey shard,
                                         int64_t arrival_ms) override {
    return lanes_.sequence_at(home, shard, arrival_ms);
  }
  void set_retention(uint64_t stream, int64_t retention_ms) override {
    lanes_.set_retention(stream, retention_ms);
  }
  void set_retention_complete() override { lanes_.set_retention_complete(); }
  [[nodiscard]] std::string poisoned() const override { return lanes_.poisoned(); }

 private:
  lanes::Lanes& lanes_;
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
