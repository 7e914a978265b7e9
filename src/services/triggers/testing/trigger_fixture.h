#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/base64.h"
#include "base/digest.h"
#include "lanes/testing/lanes_fixture.h"
#include "services/kinesis/catalog.h"
#include "services/kinesis/record.h"
#include "services/kinesis/reshard.h"
#include "services/triggers/engine.h"

namespace millstream::triggers::testing {

// A function that remembers its events and answers as it is told, "" first come first served: a
// success by default. Called on the fixture's executor alone.
class FakeInvoker final : public functions::Invoker {
 public:
  io::Task<functions::InvokeOutcome> invoke(io::Executor& home,
                                            functions::Invocation invocation) override {
    ++under_way;
    most_under_way = std::max(most_under_way, under_way);
    const nlohmann::json event = nlohmann::json::parse(invocation.payload);
    events.push_back(event);
    functions.push_back(invocation.function_name);
    functions::InvokeOutcome outcome;
    if (!answers.empty()) {
      outcome = answers.front();
      answers.pop_front();
    } else if (answer_always) {
      outcome = *answer_always;
    }
    if (hold) {
      held.push_back(std::make_shared<io::OneShot<bool>>(home));
      const std::shared_ptr<io::OneShot<bool>> gate = held.back();
      const bool released = co_await *gate;
      (void)released;
    }
    --under_way;
    co_return outcome;
  }
  void release() {
    for (const auto& gate : held) gate->set(true);
    held.clear();
  }

  std::vector<nlohmann::json> events;
  std::vector<std::string> functions;
  std::deque<functions::InvokeOutcome> answers;
  std::optional<functions::InvokeOutcome> answer_always;
  bool hold = false;
  std::vector<std::shared_ptr<io::OneShot<bool>>> held;
  int under_way = 0;
  int most_under_way = 0;
};

inline functions::InvokeOutcome function_error() {
  functions::InvokeOutcome outcome;
  outcome.function_error = "Unhandled";
  return outcome;
}

inline functions::InvokeOutcome outcome_of(functions::InvokeStatus status) {
  functions::InvokeOutcome outcome;
  outcome.status = status;
  return outcome;
}

class FakeFunctions final : public functions::FunctionSource {
 public:
  std::shared_ptr<const functions::FunctionVersion> find(const std::string& account,
                                                         const std::string& region,
                                                         const std::string& name) override {
    auto version = std::make_shared<functions::FunctionVersion>();
    version->account = account;
    version->region = region;
    version->name = name;
    version->role_arn = "arn:aws:iam::000000000000:role/runner";
    return version;
  }
  io::Task<Result<functions::CodeDirectory>> code_directory(
      io::Executor&, std::shared_ptr<const functions::FunctionVersion>) override {
    co_return Error{ErrorCode::kUnsupported, "nothing runs here"};
  }
};

// A trigger engine over real lanes on a disk in memory, with one stream, driven by the test.
class TriggerFixture : public ::testing::Test {
 protected:
  TriggerFixture() { open(); }
  ~TriggerFixture() override { stop(); }

  void open() {
    streams = std::make_unique<kinesis::Catalog>(node.lanes());
    engine = std::make_unique<Engine>(
        Engine::Parts{node.lanes(),
                      *streams,
                      functions,
                      invoker,
                      node.clock(),
                      node.random(),
                      {&node.home()},
                      [this](const std::string& sentence) { warnings.push_back(sentence); }});
    EXPECT_TRUE(streams->load().ok());
    EXPECT_TRUE(engine->start().ok());
  }
  // Ends the workers, as a server does.
  void stop() {
    engine->stop();
    invoker.hold = false;
    invoker.release();
    EXPECT_TRUE(until([this] { return engine->running() == 0; }));
    pass_ms(301'000);  // ends the waits that are left over, of the longest batching window too
  }
  // Stops, loses what a crash loses, starts again.
  void restart() {
    stop();
    engine.reset();
    streams.reset();
    node.restart();
    open();
  }

  // Runs everything until `done`, without letting time pass.
  ::testing::AssertionResult until(const std::function<bool()>& done) {
    for (int i = 0; i < 300'000; ++i) {
      if (done()) return ::testing::AssertionSuccess();
      if (node.home().run_until_idle() == 0) std::this_thread::yield();
    }
    return ::testing::AssertionFailure() << "it never came";
  }
  // Runs what is due now; what waits for the journal's thread may need some rounds.
  void settle() {
    for (int i = 0; i < 300; ++i) {
      if (node.home().run_until_idle() == 0) std::this_thread::yield();
    }
  }
  void pass_ms(int64_t ms) {
    node.clock().advance_ms(ms);
    node.home().advance_us(ms * 1000);
    settle();
  }
  // Lets up to `ms` pass in small steps until `done`.
  ::testing::AssertionResult pass_until(int64_t ms, const std::function<bool()>& done) {
    for (int64_t passed = 0; passed < ms && !done(); passed += ms / 20) pass_ms(ms / 20);
    return until(done);
  }

  std::shared_ptr<const kinesis::Stream> make_stream(int32_t shards) {
    kinesis::Stream stream;
    stream.account = "000000000000";
    stream.region = "us-east-1";
    stream.name = "flights";
    stream.id = 77;
    stream.stream_id = "abcdefghij0123456789-abc";
    stream.created_ms = node.clock().wall_ms();
    stream.retention_hours = 24;
    stream.max_record_size_kib = 1024;
    CHECK(stream.set_shards(kinesis::even_shards(shards, stream.created_ms)));
    store(stream);
    return streams->find(stream.account, stream.region, stream.name);
  }
  void store(const kinesis::Stream& stream) {
    const std::string key = stream.key();
    auto body = [&](lanes::Transaction& transaction) -> Result<> {
      transaction.put(key, kinesis::to_document(stream));
      return {};
    };
    const lanes::LaneId lane = node.lanes().lane_of(stable_hash(key));
    EXPECT_TRUE(node.run(node.lanes().run(node.home(), lane, body)).ok());
  }
  void delete_stream() {
    const std::string key = kinesis::stream_key("000000000000", "us-east-1", "flights");
    auto body = [&](lanes::Transaction& transaction) -> Result<> {
      transaction.erase(key);
      return {};
    };
    const lanes::LaneId lane = node.lanes().lane_of(stable_hash(key));
    EXPECT_TRUE(node.run(node.lanes().run(node.home(), lane, body)).ok());
  }
  // Closes the shards of a round and opens their children.
  void reshard(const std::function<kinesis::ReshardRound(const kinesis::Stream&)>& round_of) {
    kinesis::Stream stream = *streams->find("000000000000", "us-east-1", "flights");
    stream.resharding = {std::nullopt, false, node.clock().wall_ms(), round_of(stream)};
    std::vector<uint64_t> ends;
    for (const uint32_t parent : stream.resharding->round.parents) {
      ends.push_back(node.lanes().next_sequence({stream.id, parent}));
    }
    kinesis::finish_round(&stream, ends, node.clock().wall_ms());
    store(stream);
  }
  void split(uint32_t shard) {
    reshard([shard](const kinesis::Stream& stream) {
      const kinesis::Shard& parent = *stream.shard_at(shard);
      return kinesis::split_round(stream, parent, parent.ending_hash_key - 1000);
    });
  }
  void merge(uint32_t shard, uint32_t adjacent) {
    reshard([=](const kinesis::Stream& stream) {
      return kinesis::merge_round(stream, *stream.shard_at(shard), *stream.shard_at(adjacent));
    });
  }
  void put(uint32_t shard, const std::vector<std::string>& records) {
    const lanes::ShardKey key{77, shard};
    auto body = [&](lanes::Transaction& transaction) -> Result<> {
      for (const std::string& data : records) {
        const kinesis::RecordPayload payload{"key", data};
        kinesis::encode(payload, transaction.append(key, kinesis::encoded_size(payload))->payload);
      }
      return {};
    };
    EXPECT_TRUE(node.run(node.lanes().run(node.home(), node.lanes().lane_of(key), body)).ok());
  }

  Mapping wanted() {
    Mapping mapping;
    mapping.account = "000000000000";
    mapping.region = "us-east-1";
    mapping.stream_arn = "arn:aws:kinesis:us-east-1:000000000000:stream/flights";
    mapping.function_name = "count";
    mapping.function_arn = "arn:aws:lambda:us-east-1:000000000000:function:count";
    mapping.starting_position = "TRIM_HORIZON";
    return mapping;
  }
  std::string create(const Mapping& mapping) {
    const auto stream = streams->find("000000000000", "us-east-1", "flights");
    Result<Engine::Changed> made = node.run(engine->create(node.home(), mapping, stream));
    EXPECT_TRUE(made.ok() && made->mapping);
    return made && made->mapping ? made->mapping->uuid : "";
  }
  void update(const std::string& uuid, const std::function<void(Mapping&)>& change) {
    Result<Engine::Changed> changed =
        node.run(engine->update(node.home(), "000000000000", "us-east-1", uuid, change));
    EXPECT_TRUE(changed.ok() && changed->mapping);
  }
  std::string last_result(const std::string& uuid) {
    const auto mapping = engine->find("000000000000", "us-east-1", uuid);
    return mapping ? std::string(processing_result_text(mapping->last_result())) : "none";
  }

  // The data of all delivered records, in the order of delivery.
  std::vector<std::string> delivered() const {
    std::vector<std::string> data;
    for (const nlohmann::json& event : invoker.events) {
      for (const nlohmann::json& record : event["Records"]) data.push_back(data_of(record));
    }
    return data;
  }
  static std::string data_of(const nlohmann::json& record) {
    return base64_decode(record["kinesis"]["data"].get<std::string>()).value_or("not base64");
  }

  lanes::testing::LanesFixture node;
  FakeFunctions functions;
  FakeInvoker invoker;
  std::vector<std::string> warnings;
  std::unique_ptr<kinesis::Catalog> streams;
  std::unique_ptr<Engine> engine;
};

}  // namespace millstream::triggers::testing
