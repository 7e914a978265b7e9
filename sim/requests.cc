#include "sim/requests.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "sim/dynamodb_client.h"
#include "sim/functions.h"
#include "sim/kinesis_client.h"
#include "sim/trigger_client.h"

namespace millstream::sim {
namespace {

constexpr int kRequestsUnderWayMax = 14;
constexpr size_t kPutBytesUnderWayMax = 6 << 10;
constexpr uint64_t kStreams = 3;
constexpr uint64_t kTables = 2;
constexpr uint64_t kPartitions = 3;
constexpr uint64_t kPlaces = 3;
constexpr size_t kMappingsMax = 3;

io::Task<> use(std::shared_ptr<Resource> about, io::Task<> task) {
  co_await task;
  --about->under_way;
}

// What a step's details are drawn from, and where its request runs.
struct Draw {
  World& world;
  Node& node;
  Dice dice;
  io::Executor& home;

  // `about` is in use from now on, not only from when the request runs.
  void begin(const std::shared_ptr<Resource>& about, io::Task<> task) {
    ++about->under_way;
    begin_request(node, home, use(about, std::move(task)));
  }

  std::shared_ptr<StreamModel> stream() {
    const auto found = world.streams.find(fmt::format("s{}", dice.below(kStreams)));
    return found && found->is_active() ? found : nullptr;
  }
  std::shared_ptr<TableModel> table() {
    const auto found = world.tables.find(fmt::format("table{}", dice.below(kTables)));
    return found && found->is_active() ? found : nullptr;
  }
  std::string partition() { return fmt::format("p{}", dice.below(kPartitions)); }
  PutEntrySpec entry() {
    const int64_t size = dice.one_in(20) ? dice.between(1'000, 2'000) : dice.between(10, 200);
    return {fmt::format("key{}", dice.below(12)), static_cast<size_t>(size)};
  }
  // A mapping whose creation was answered.
  std::shared_ptr<TriggerModel> trigger() {
    if (world.triggers.empty()) return nullptr;
    const auto found = std::next(world.triggers.begin(),
                                 static_cast<ptrdiff_t>(dice.below(world.triggers.size())));
    const TriggerModel& trigger = *found->second;
    const bool usable = !trigger.uuid.empty() && !trigger.deleted && !trigger.deletion_asked;
    return usable ? found->second : nullptr;
  }
};

io::Task<> put_counted(World& world, size_t bytes, io::Task<> put) {
  world.put_bytes_under_way += bytes;
  co_await put;
  world.put_bytes_under_way -= bytes;
}

io::Task<> ignore_ending(io::Task<Ending> task) {
  // The model was told.
  const Ending ending = co_await task;
  (void)ending;
}

void put(Draw& draw, bool single) {
  const auto stream = draw.stream();
  if (!stream) return;
  std::vector<PutEntrySpec> entries(single ? 1 : static_cast<size_t>(draw.dice.between(1, 6)));
  size_t bytes = 0;
  for (PutEntrySpec& entry : entries) {
    entry = draw.entry();
    bytes += entry.size + 100;
  }
  if (draw.world.put_bytes_under_way + bytes > kPutBytesUnderWayMax) return;
  draw.begin(
      stream,
      put_counted(draw.world, bytes,
                  single
                      ? put_record(draw.world, draw.node, draw.home, stream, entries.front())
                      : put_records(draw.world, draw.node, draw.home, stream, std::move(entries))));
}

void walk(Draw& draw) {
  constexpr const char* kTypes[] = {"TRIM_HORIZON", "LATEST", "AT_SEQUENCE_NUMBER",
                                    "AFTER_SEQUENCE_NUMBER", "AT_TIMESTAMP"};
  const auto stream = draw.stream();
  if (!stream) return;
  const auto shard = static_cast<uint32_t>(draw.dice.below(stream->shards.size()));
  WalkSpec spec{kTypes[draw.dice.below(5)], draw.dice.draw(),
                static_cast<int>(draw.dice.between(1, 12))};
  draw.begin(stream, walk_shard(draw.world, draw.node, draw.home, stream, shard, std::move(spec)));
}

// Creations and deletions go alone: what others would see meanwhile isn't modelled. Gives whether
// the resource may be created (or deleted) now.
bool may_change(const Resource* resource, bool creates) {
  if (!resource) return creates;
  if (resource->under_way > 0 || resource->is_between()) return false;
  return creates != resource->is_active();
}

void change_stream(Draw& draw, bool creates) {
  const std::string name = fmt::format("s{}", draw.dice.below(kStreams));
  auto stream = draw.world.streams.find(name);
  if (!may_change(stream.get(), creates)) return;
  if (!creates) {
    stream->stage = Resource::Stage::kDeleting;
    return draw.begin(stream, delete_stream(draw.world, draw.node, draw.home, stream));
  }
  const auto shards = static_cast<int32_t>(draw.dice.between(1, 4));
  stream = std::make_shared<StreamModel>(draw.world.findings, name, shards);
  draw.world.streams.set(stream);
  draw.begin(stream, create_stream(draw.world, draw.node, draw.home, stream));
}

void change_table(Draw& draw, const std::string& name, bool creates) {
  auto table = draw.world.tables.find(name);
  if (!may_change(table.get(), creates)) return;
  if (!creates) {
    table->stage = Resource::Stage::kDeleting;
    return draw.begin(table, delete_table(draw.world, draw.node, draw.home, table));
  }
  table = std::make_shared<TableModel>(name);
  draw.world.tables.set(table);
  draw.begin(table, create_table(draw.world, draw.node, draw.home, table));
}

void call_an_item(Draw& draw) {
  const auto table = draw.table();
  if (!table) return;
  ItemKey key{draw.partition(), static_cast<int64_t>(draw.dice.below(kPlaces))};
  ItemCall call;
  call.kind = static_cast<ItemCall::Kind>(draw.dice.below(4));
  call.text = fmt::format("w{}", draw.world.new_id());
  call.quiet = call.kind == ItemCall::Kind::kPut && draw.dice.one_in(2);
  if (call.kind != ItemCall::Kind::kGet && draw.dice.one_in(2)) {
    call.condition = static_cast<ItemCall::Condition>(draw.dice.between(1, 3));
    call.expected = table->last_texts.contains(key) ? table->last_texts[key] : "w0";
  }
  draw.begin(table, ignore_ending(call_item(draw.world, draw.node, draw.home, table, std::move(key),
                                            std::move(call))));
}

void write_items(Draw& draw) {
  const auto table = draw.table();
  if (!table) return;
  ItemWrites writes;
  for (int64_t left = draw.dice.between(1, 5); left > 0; --left) {
    ItemCall call{.quiet = true};
    call.kind = draw.dice.one_in(3) ? ItemCall::Kind::kDelete : ItemCall::Kind::kPut;
    call.text = fmt::format("w{}", draw.world.new_id());
    const ItemKey key{draw.partition(), static_cast<int64_t>(draw.dice.below(kPlaces))};
    writes.insert_or_assign(key, std::move(call));
  }
  draw.begin(table, write_batch(draw.world, draw.node, draw.home, table, std::move(writes)));
}

void query(Draw& draw) {
  const auto table = draw.table();
  if (!table) return;
  const int limit = static_cast<int>(draw.dice.between(1, 4));
  const bool forward = draw.dice.one_in(2);
  draw.begin(table, query_partition(draw.world, draw.node, draw.home, table, draw.partition(),
                                    limit, forward));
}

void create_a_mapping(Draw& draw) {
  const auto stream = draw.stream();
  if (!stream || draw.world.triggers.size() >= kMappingsMax) return;
  MappingSpec spec;
  spec.from_latest = draw.dice.one_in(3);
  spec.batch_size = static_cast<int32_t>(draw.dice.between(1, 12));
  spec.batching_window_s = draw.dice.one_in(3) ? static_cast<int32_t>(draw.dice.between(1, 5)) : 0;
  spec.retry_attempts_max =
      draw.dice.one_in(3) ? static_cast<int32_t>(draw.dice.between(0, 2)) : -1;
  const std::string function = fmt::format("f{}", draw.world.triggers.size());
  auto trigger = std::make_shared<TriggerModel>(draw.world.findings, function, stream,
                                                spec.retry_attempts_max);
  draw.world.triggers.emplace(function, trigger);
  draw.begin(stream, create_mapping(draw.world, draw.node, draw.home, trigger, spec));
}

void change_mapping(Draw& draw, bool deletes) {
  const auto trigger = draw.trigger();
  if (!trigger) return;
  if (deletes) {
    trigger->deletion_asked = true;
    draw.begin(trigger->stream(), delete_mapping(draw.world, draw.node, draw.home, trigger));
  } else {
    draw.begin(trigger->stream(),
               set_mapping_enabled(draw.world, draw.node, draw.home, trigger, !trigger->enabled));
  }
}

}  // namespace

void begin_rows_table(World& world, Node& node) {
  Draw draw{world, node, Dice(0), node.reactor(0)};
  change_table(draw, SimulatedFunctions::kRowsTable, true);
}

void begin_client_step(World& world, Node& node, const Step& step) {
  if (node.requests_under_way >= kRequestsUnderWayMax) return;
  Dice dice(step.seed);
  const uint64_t reactor = dice.draw();
  Draw draw{world, node, dice, node.reactor(reactor)};
  switch (step.kind) {
    case StepKind::kPutRecord:
      return put(draw, true);
    case StepKind::kPutRecords:
      return put(draw, false);
    case StepKind::kWalk:
      return walk(draw);
    case StepKind::kCreateStream:
      return change_stream(draw, true);
    case StepKind::kDeleteStream:
      return change_stream(draw, false);
    case StepKind::kItem:
      return call_an_item(draw);
    case StepKind::kBatch:
      return write_items(draw);
    case StepKind::kQuery:
      return query(draw);
    case StepKind::kCreateTable:
      return change_table(draw, fmt::format("table{}", draw.dice.below(kTables)), true);
    case StepKind::kDeleteTable:
      return change_table(draw, fmt::format("table{}", draw.dice.below(kTables)), false);
    case StepKind::kCreateMapping:
      return create_a_mapping(draw);
    case StepKind::kToggleMapping:
      return change_mapping(draw, false);
    case StepKind::kDeleteMapping:
      return change_mapping(draw, true);
    default:
      return;
  }
}

}  // namespace millstream::sim
