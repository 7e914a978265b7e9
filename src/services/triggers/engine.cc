#include "services/triggers/engine.h"

#include <mutex>
#include <set>
#include <utility>

#include "base/digest.h"
#include "base/random.h"
#include "lanes/stored_document.h"

namespace millstream::triggers {

Engine::Engine(const Parts& parts)
    : parts_(parts),
      shared_(std::make_shared<WorkerShared>(parts.lanes, parts.streams, parts.functions,
                                             parts.invoker, parts.clock, parts.warn)),
      stored_(parts.lanes, kMappingKeyPrefix,
              [this](auto key, auto value) { return apply(key, value); }) {
  // Behind the catalogue's own observer: what is told of can be found.
  parts.lanes.observe(std::string(kinesis::kStreamKeyPrefix),
                      [this](std::string_view key, std::optional<std::string_view> value) {
                        if (value) follow_stream(key);
                      });
}

Result<> Engine::start() {
  Result<> read = stored_.load();
  return read ? find_forgotten_checkpoints() : read;
}

bool Engine::is_wanted(const CheckpointAddress& address, const std::set<std::string>& uuids) const {
  if (!uuids.contains(address.uuid)) return false;
  const auto stream = parts_.streams.find_id(address.shard.stream);
  return !stream || stream->shard_at(address.shard.shard) != nullptr;
}

// A crash may come between a mapping's or a shard's removal and that of their checkpoints.
Result<> Engine::find_forgotten_checkpoints() {
  std::set<std::string> uuids;
  for (const auto& [key, active] : by_key_) uuids.insert(active->mapping()->uuid);
  const std::string prefix(kCheckpointKeyPrefix);
  return parts_.lanes.scan_now(
      prefix, lanes::prefix_end(prefix), [&](std::string_view key, std::string_view) -> Result<> {
        const std::optional<CheckpointAddress> address = parse_checkpoint_key(key);
        if (!address) return Error{ErrorCode::kCorruption, "a trigger's checkpoint has no name"};
        if (is_wanted(*address, uuids)) return {};
        io::Executor& home = *parts_.executors.front();
        auto erase = std::make_shared<io::Task<>>(
            erase_forgotten(home, parts_.lanes.lane_of(address->shard), std::string(key)));
        home.post([erase] { io::spawn(std::move(*erase)); });
        return {};
      });
}

io::Task<> Engine::erase_forgotten(io::Executor& home, lanes::LaneId lane, std::string key) {
  auto body = [&](lanes::Transaction& transaction) -> Result<> {
    transaction.erase(key);
    return {};
  };
  Result<> erased = co_await parts_.lanes.run(home, lane, std::move(body));
  if (!erased) shared_->warn("a forgotten checkpoint can't be erased: " + erased.error().message);
}

void Engine::stop() {
  shared_->stopping = true;
  std::shared_lock lock(mutex_);
  for (const auto& [key, mapping] : by_key_) mapping->signal().notify();
}

Result<> Engine::apply(std::string_view key, std::optional<std::string_view> value) {
  if (value) {
    Result<Mapping> mapping = parse_mapping(*value);
    if (!mapping) return mapping.take_error();
    adopt(key, std::make_shared<const Mapping>(mapping.take()));
    return {};
  }
  std::shared_ptr<ActiveMapping> removed;
  {
    std::lock_guard lock(mutex_);
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return {};
    removed = std::move(found->second);
    by_key_.erase(found);
  }
  removed->remove();
  return {};
}

void Engine::adopt(std::string_view key, std::shared_ptr<const Mapping> mapping) {
  std::shared_ptr<ActiveMapping> active;
  bool is_new = false;
  {
    std::lock_guard lock(mutex_);
    std::shared_ptr<ActiveMapping>& entry = by_key_[std::string(key)];
    is_new = entry == nullptr;
    if (is_new) entry = std::make_shared<ActiveMapping>(mapping);
    active = entry;
  }
  if (is_new) {
    start_workers(active);
  } else {
    active->change(std::move(mapping));
  }
}

void Engine::start_workers(const std::shared_ptr<ActiveMapping>& mapping) {
  const std::shared_ptr<const Mapping> config = mapping->mapping();
  const auto stream = parts_.streams.find_id(config->stream_id);
  if (stream) {
    for (const kinesis::Shard& shard : stream->shards) start_worker(mapping, shard.index);
    return;
  }
  // They tell that the stream is gone.
  for (uint32_t shard = 0; shard < config->starts.size(); ++shard) start_worker(mapping, shard);
}

void Engine::start_worker(const std::shared_ptr<ActiveMapping>& mapping, uint32_t shard) {
  if (shared_->stopping || !mapping->begin_shard(shard)) return;
  const uint64_t first = stable_hash(mapping->mapping()->uuid);
  io::Executor& home = *parts_.executors[(first + shard) % parts_.executors.size()];
  ++shared_->running;
  auto worker = std::make_shared<io::Task<>>(
      ShardWorker::run(std::make_unique<ShardWorker>(shared_, mapping, shard, home)));
  home.post([worker] { io::spawn(std::move(*worker)); });
}

// A stream's shards may have changed.
void Engine::follow_stream(std::string_view key) {
  const auto stream = parts_.streams.find_key(key);
  if (!stream) return;
  std::vector<std::shared_ptr<ActiveMapping>> following;
  {
    std::shared_lock lock(mutex_);
    for (const auto& [name, mapping] : by_key_) {
      if (mapping->mapping()->stream_id == stream->id) following.push_back(mapping);
    }
  }
  for (const auto& mapping : following) start_workers(mapping);
}

std::vector<std::shared_ptr<const ActiveMapping>> Engine::all() const {
  std::shared_lock lock(mutex_);
  std::vector<std::shared_ptr<const ActiveMapping>> all;
  for (const auto& [key, mapping] : by_key_) all.push_back(mapping);
  return all;
}

std::shared_ptr<const ActiveMapping> Engine::find(std::string_view account, std::string_view region,
                                                  std::string_view uuid) const {
  const std::string key = mapping_key(account, region, uuid);
  std::shared_lock lock(mutex_);
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<const ActiveMapping>> Engine::list(
    std::string_view account, std::string_view region, std::string_view after, size_t limit,
    const std::function<bool(const Mapping&)>& wanted) const {
  const std::string prefix = mapping_key_prefix(account, region);
  std::vector<std::shared_ptr<const ActiveMapping>> found;
  std::shared_lock lock(mutex_);
  for (auto entry = by_key_.upper_bound(prefix + std::string(after));
       entry != by_key_.end() && entry->first.starts_with(prefix) && found.size() < limit;
       ++entry) {
    if (wanted(*entry->second->mapping())) found.push_back(entry->second);
  }
  return found;
}

lanes::LaneId Engine::lane_of(const std::string& account, const std::string& region) const {
  return parts_.lanes.lane_of(stable_hash(mapping_key_prefix(account, region)));
}

Result<std::shared_ptr<const Mapping>> Engine::conflicting(lanes::Transaction& transaction,
                                                           const Mapping& mapping) {
  const std::string prefix = mapping_key_prefix(mapping.account, mapping.region);
  std::shared_ptr<const Mapping> conflict;
  Result<> parsed;
  Result<> scanned = transaction.scan(
      prefix, lanes::prefix_end(prefix), [&](std::string_view, std::string_view value) {
        Result<Mapping> other = parse_mapping(value);
        if (!other) {
          parsed = other.take_error();
          return false;
        }
        const bool same = other->uuid != mapping.uuid && other->stream_arn == mapping.stream_arn &&
                          other->function_arn == mapping.function_arn;
        if (same) conflict = std::make_shared<const Mapping>(other.take());
        return !same;
      });
  if (!scanned) return scanned.take_error();
  if (!parsed) return parsed.take_error();
  return conflict;
}

io::Task<Result<std::vector<uint64_t>>> Engine::starts(
    io::Executor& home, Mapping mapping, std::shared_ptr<const kinesis::Stream> stream) {
  std::vector<uint64_t> starts(stream->next_shard_index());
  for (const kinesis::Shard& shard : stream->shards) {
    const lanes::ShardKey key = stream->shard_key(shard);
    uint64_t start = 0;
    if (mapping.starting_position == "LATEST") start = parts_.lanes.next_sequence(key);
    if (mapping.starting_position == "AT_TIMESTAMP") {
      Result<uint64_t> found =
          co_await parts_.lanes.sequence_at(home, key, *mapping.starting_timestamp_ms);
      if (!found) co_return found.take_error();
      start = *found;
    }
    starts[shard.index] = start;
  }
  co_return starts;
}

io::Task<Result<Engine::Changed>> Engine::create(io::Executor& home, Mapping mapping,
                                                 std::shared_ptr<const kinesis::Stream> stream) {
  Result<std::vector<uint64_t>> resolved = co_await starts(home, mapping, stream);
  if (!resolved) co_return resolved.take_error();
  mapping.starts = resolved.take();
  mapping.stream_id = stream->id;
  mapping.uuid = parts_.random.uuid();
  const std::string key = mapping_key(mapping.account, mapping.region, mapping.uuid);
  auto body = [&](lanes::Transaction& transaction) -> Result<Changed> {
    Result<std::shared_ptr<const Mapping>> conflict = conflicting(transaction, mapping);
    if (!conflict) return conflict.take_error();
    if (*conflict) return Changed{nullptr, conflict.take()};
    mapping.modified_ms = transaction.now_ms();
    transaction.put(key, to_document(mapping));
    return Changed{std::make_shared<const Mapping>(mapping), nullptr};
  };
  const lanes::LaneId lane = lane_of(mapping.account, mapping.region);
  Result<Changed> changed = co_await parts_.lanes.run(home, lane, std::move(body));
  co_return changed;
}

io::Task<Result<Engine::Changed>> Engine::update(io::Executor& home, std::string account,
                                                 std::string region, std::string uuid,
                                                 std::function<void(Mapping&)> change) {
  const std::string key = mapping_key(account, region, uuid);
  auto body = [&](lanes::Transaction& transaction) -> Result<Changed> {
    auto found = lanes::get_document(transaction, key, parse_mapping);
    if (!found) return found.take_error();
    if (!*found) return Changed{};
    Mapping& mapping = **found;
    change(mapping);
    Result<std::shared_ptr<const Mapping>> conflict = conflicting(transaction, mapping);
    if (!conflict) return conflict.take_error();
    if (*conflict) return Changed{nullptr, conflict.take()};
    mapping.modified_ms = transaction.now_ms();
    transaction.put(key, to_document(mapping));
    return Changed{std::make_shared<const Mapping>(std::move(mapping)), nullptr};
  };
  const lanes::LaneId lane = lane_of(account, region);
  Result<Changed> changed = co_await parts_.lanes.run(home, lane, std::move(body));
  co_return changed;
}

io::Task<Result<Engine::Changed>> Engine::remove(io::Executor& home, std::string account,
                                                 std::string region, std::string uuid) {
  const std::string key = mapping_key(account, region, uuid);
  auto body = [&](lanes::Transaction& transaction) -> Result<Changed> {
    auto found = lanes::get_document(transaction, key, parse_mapping);
    if (!found) return found.take_error();
    if (!*found) return Changed{};
    transaction.erase(key);
    return Changed{std::make_shared<const Mapping>(std::move(**found)), nullptr};
  };
  const lanes::LaneId lane = lane_of(account, region);
  Result<Changed> changed = co_await parts_.lanes.run(home, lane, std::move(body));
  co_return changed;
}

}  // namespace millstream::triggers
