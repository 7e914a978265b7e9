#include "sim/kinesis_client.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/base64.h"
#include "services/kinesis/sequence_number.h"
#include "sim/resource_client.h"

namespace millstream::sim {
namespace {

using Json = nlohmann::json;

constexpr int kPagesMax = 400;

std::string shard_id(uint32_t shard) {
  return fmt::format("shardId-{:012}", shard);
}

SentRecord new_record(World& world, Node& node, const StreamModel& stream, const PutEntrySpec& spec,
                      uint64_t request, size_t place) {
  SentRecord record;
  record.id = world.new_id();
  record.request = request;
  record.place = place;
  record.partition_key = spec.partition_key;
  record.data = record_data(record.id, spec.size);
  const auto stored = node.kinesis().catalog().find(kAccount, kRegion, stream.name);
  const uint32_t shard = stream.shard_of(spec.partition_key);
  if (stored) record.lane = node.lanes().lane_of({stored->id, shard});
  return record;
}

std::string entry_json(const SentRecord& record) {
  return fmt::format(R"("PartitionKey":"{}","Data":"{}")", record.partition_key,
                     base64_encode(record.data));
}

SeenRecord seen_record(const Json& json) {
  SeenRecord record;
  record.sequence_text = json["SequenceNumber"];
  const auto number = kinesis::parse_sequence_number(record.sequence_text);
  record.sequence = number ? number->sequence : 0;
  record.partition_key = json["PartitionKey"];
  record.data = base64_decode(json["Data"].get<std::string>()).value_or("");
  record.arrival_ms = std::llround(json["ApproximateArrivalTimestamp"].get<double>() * 1000);
  return record;
}

// The record that a walk starts from; nullptr if none is known yet.
const SentRecord* pick_record(const ShardModel& shard, uint64_t pick) {
  const uint64_t newest = shard.newest_sequence();
  return newest == 0 ? nullptr : shard.at(1 + pick % newest);
}

// What GetShardIterator is asked, and from where on the walk must be complete.
struct Start {
  std::string json;
  uint64_t from_sequence = 0;
  int64_t from_ms = 0;
};
Start walk_start(const StreamModel& stream, uint32_t shard, const WalkSpec& spec) {
  Start start;
  start.json = fmt::format(R"("StreamName":"{}","ShardId":"{}")", stream.name, shard_id(shard));
  const SentRecord* from = pick_record(stream.shards[shard], spec.pick);
  std::string type = spec.iterator_type;
  if (type == "AT_TIMESTAMP" && (!from || from->arrival_ms == 0)) from = nullptr;
  if (!from && type != "LATEST") type = "TRIM_HORIZON";
  if (type == "AT_SEQUENCE_NUMBER" || type == "AFTER_SEQUENCE_NUMBER") {
    start.from_sequence = *from->sequence + (type == "AFTER_SEQUENCE_NUMBER" ? 1 : 0);
    start.json += fmt::format(R"(,"StartingSequenceNumber":"{}")", from->sequence_text);
  } else if (type == "AT_TIMESTAMP") {
    start.from_sequence = *from->sequence;
    start.from_ms = from->arrival_ms;
    start.json +=
        fmt::format(R"(,"Timestamp":{}.{:03})", start.from_ms / 1000, start.from_ms % 1000);
  } else if (type == "LATEST") {
    start.from_sequence = UINT64_MAX;
  }
  start.json = fmt::format(R"({{{},"ShardIteratorType":"{}"}})", start.json, type);
  return start;
}

void check_start(World& world, const ShardModel& shard, const Walk& walk, const Start& start,
                 const std::string& name) {
  if (walk.records.empty()) return;
  const SeenRecord& first = walk.records.front();
  const bool is_early = start.from_sequence != UINT64_MAX && start.from_ms == 0 &&
                        first.sequence < start.from_sequence;
  const SentRecord* known = shard.at(first.sequence);
  const bool was_there = start.from_sequence == UINT64_MAX && known && known->known < walk.began;
  if (!is_early && !was_there && first.arrival_ms >= start.from_ms) return;
  world.findings.add(
      "an iterator starts where it was told",
      fmt::format("{}: {} gave sequence {} first", name, start.json, first.sequence));
}

}  // namespace

io::Task<> put_record(World& world, Node& node, io::Executor& home,
                      std::shared_ptr<StreamModel> stream, PutEntrySpec entry) {
  ++stream->under_way;
  SentRecord sent = new_record(world, node, *stream, entry, world.new_id(), 0);
  sent.began = world.moment();
  const uint64_t id = sent.id;
  ShardModel& shard = stream->shards[stream->shard_of(entry.partition_key)];
  std::string json = fmt::format(R"({{"StreamName":"{}",{}}})", stream->name, entry_json(sent));
  shard.send(std::move(sent));
  Reply reply = co_await node.call(home, "kinesis", "PutRecord", std::move(json));
  const Ending ending = reply.ending;
  std::string number;
  if (ending == Ending::kDone) number = Json::parse(reply.json)["SequenceNumber"];
  world.explain(node, reply, "PutRecord");
  world.trace.note(static_cast<uint64_t>(ending));
  if (!node.is_dead()) shard.finish(id, ending, world.moment(), number);
  --stream->under_way;
}

io::Task<> put_records(World& world, Node& node, io::Executor& home,
                       std::shared_ptr<StreamModel> stream, std::vector<PutEntrySpec> entries) {
  ++stream->under_way;
  const uint64_t request = world.new_id();
  const uint64_t began = world.moment();
  std::vector<std::pair<ShardModel*, uint64_t>> sent;
  std::string json;
  for (const PutEntrySpec& entry : entries) {
    SentRecord record = new_record(world, node, *stream, entry, request, sent.size());
    record.began = began;
    ShardModel& shard = stream->shards[stream->shard_of(entry.partition_key)];
    sent.emplace_back(&shard, record.id);
    json += (json.empty() ? "{" : ",{") + entry_json(record) + "}";
    shard.send(std::move(record));
  }
  json = fmt::format(R"({{"StreamName":"{}","Records":[{}]}})", stream->name, json);
  Reply reply = co_await node.call(home, "kinesis", "PutRecords", std::move(json));
  world.explain(node, reply, "PutRecords");
  world.trace.note(static_cast<uint64_t>(reply.ending));
  --stream->under_way;
  if (node.is_dead()) co_return;
  const Json answer = reply.ending == Ending::kDone ? Json::parse(reply.json) : Json();
  const uint64_t moment = world.moment();
  for (size_t i = 0; i < sent.size(); ++i) {
    Ending ending = reply.ending;
    std::string number;
    if (ending == Ending::kDone && answer["Records"][i].contains("ErrorCode")) {
      ending = Ending::kUnknown;
      world.explain(node, {ending, {}, answer["Records"][i]["ErrorCode"], {}},
                    "a PutRecords entry");
    } else if (ending == Ending::kDone) {
      number = answer["Records"][i]["SequenceNumber"];
    }
    sent[i].first->finish(sent[i].second, ending, moment, number);
  }
}

io::Task<> walk_shard(World& world, Node& node, io::Executor& home,
                      std::shared_ptr<StreamModel> stream, uint32_t shard, WalkSpec spec) {
  ++stream->under_way;
  ShardModel& model = stream->shards[shard];
  Walk walk;
  walk.began = world.moment();
  walk.wall_ms_min = world.clock.wall_ms();
  const uint64_t jumps = world.clock_jumps;
  const Start start = walk_start(*stream, shard, spec);
  walk.from_sequence = start.from_sequence;
  Reply reply = co_await node.call(home, "kinesis", "GetShardIterator", start.json);
  std::string iterator;
  if (reply.ending == Ending::kDone) iterator = Json::parse(reply.json)["ShardIterator"];
  const bool late =
      reply.ending == Ending::kRefused && start.from_ms > 0;  // the clock was set back
  if (!late) world.explain(node, reply, "GetShardIterator");
  for (int page = 0; page < kPagesMax && !iterator.empty() && !walk.at_tip; ++page) {
    std::string json = fmt::format(R"({{"ShardIterator":"{}","Limit":{}}})", iterator, spec.limit);
    reply = co_await node.call(home, "kinesis", "GetRecords", std::move(json));
    const bool expired = reply.error_type == "ExpiredIteratorException";
    if (!expired) world.explain(node, reply, "GetRecords");
    if (reply.ending != Ending::kDone) break;
    const Json answer = Json::parse(reply.json);
    for (const Json& record : answer["Records"]) walk.records.push_back(seen_record(record));
    walk.at_tip = answer["Records"].empty();
    iterator = answer["NextShardIterator"];
  }
  --stream->under_way;
  // What a dead process said last wasn't heard any more.
  if (node.is_dead()) co_return;
  if (world.clock_jumps != jumps) walk.wall_ms_min = INT64_MIN;
  walk.ended = world.moment();
  world.trace.note(walk.records.size());
  check_start(world, model, walk, start, stream->name);
  model.check_walk(walk, world.wall_ms_highest);
}

namespace {

ResourceCall call_of(const char* operation, const StreamModel& stream, const std::string& more) {
  return {"kinesis", operation, fmt::format(R"({{"StreamName":"{}"{}}})", stream.name, more)};
}

}  // namespace

io::Task<> create_stream(World& world, Node& node, io::Executor& home,
                         std::shared_ptr<StreamModel> stream) {
  const std::string shards = fmt::format(R"(,"ShardCount":{})", stream->shards.size());
  return change_resource(world, node, home, stream, call_of("CreateStream", *stream, shards),
                         Resource::Stage::kActive);
}

io::Task<> delete_stream(World& world, Node& node, io::Executor& home,
                         std::shared_ptr<StreamModel> stream) {
  return change_resource(world, node, home, stream, call_of("DeleteStream", *stream, ""),
                         Resource::Stage::kGone);
}

io::Task<> verify_stream(World& world, Node& node, io::Executor& home,
                         std::shared_ptr<StreamModel> stream) {
  ResourceCall call = call_of("DescribeStreamSummary", *stream, "");
  const bool is_there = co_await look_for_resource(world, node, home, stream, std::move(call));
  if (!is_there) co_return;
  for (uint32_t shard = 0; shard < stream->shards.size(); ++shard) {
    WalkSpec all{"TRIM_HORIZON", 0, 100};
    co_await walk_shard(world, node, home, stream, shard, std::move(all));
  }
  if (!node.has_excuse()) stream->check_whole_requests(world.findings, world.wall_ms_highest);
}

}  // namespace millstream::sim
