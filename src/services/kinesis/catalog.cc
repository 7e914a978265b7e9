#include "services/kinesis/catalog.h"

namespace millstream::kinesis {

Catalog::Catalog(lanes::Lanes& lanes)
    : lanes_(lanes),
      streams_(
          lanes, kStreamKeyPrefix, [](auto, auto value) { return parse_stream(value); },
          [this](auto& before, auto& now) { on_change(before, now); }),
      consumers_(lanes, kConsumerKeyPrefix, [](auto, auto value) { return parse_consumer(value); }),
      accounts_(lanes, kAccountKeyPrefix,
                [](auto, auto value) { return parse_account_settings(value); }) {}

Result<> Catalog::load() {
  Result<> consumers = consumers_.load();
  if (!consumers) return consumers;
  Result<> accounts = accounts_.load();
  if (!accounts) return accounts;
  Result<> loaded = streams_.load();
  if (loaded) lanes_.set_retention_complete();
  return loaded;
}

void Catalog::note_change(const std::shared_ptr<const Stream>& before,
                          const std::shared_ptr<const Stream>& now) {
  ids_.change(before, now);
  // A new stream may take the place of one that was deleted a moment ago.
  const bool replaced = before && (!now || before->id != now->id);
  if (replaced) lanes_.set_retention(before->id, 0);
  if (now) lanes_.set_retention(now->id, int64_t{now->retention_hours} * 3'600'000);
  const std::lock_guard lock(mutex_);
  if (before) on_demand_.erase(before->id);
  if (now && now->on_demand) on_demand_.insert(now->id);
  if (before) resharding_.erase(before->id);
  if (now && now->resharding) resharding_.insert(now->id);
  if (before) count(*before, static_cast<size_t>(-1));
  if (now) count(*now, 1);
}

void Catalog::on_change(const std::shared_ptr<const Stream>& before,
                        const std::shared_ptr<const Stream>& now) {
  note_change(before, now);
  if (!now) return;
  // Whoever waits at such a shard's end finds its children.
  for (const Shard& shard : now->shards) {
    if (shard.is_open()) continue;
    const bool same = before && before->id == now->id;
    const Shard* const earlier = same ? before->shard_at(shard.index) : nullptr;
    if (earlier == nullptr || earlier->is_open()) lanes_.end_shard(now->shard_key(shard));
  }
}

// With mutex_ held; -1 times takes away.
void Catalog::count(const Stream& stream, size_t times) {
  Usage& usage = usage_[account_key(stream.account, stream.region)];
  usage.open_shards += times * stream.open_shards.size();
  if (stream.on_demand) usage.on_demand_streams += times;
}

std::vector<std::shared_ptr<const Stream>> Catalog::resharding() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<const Stream>> streams;
  for (const uint64_t id : resharding_) {
    if (auto stream = ids_.find(id)) streams.push_back(std::move(stream));
  }
  return streams;
}

std::set<uint64_t> Catalog::on_demand_streams() const {
  const std::lock_guard lock(mutex_);
  return on_demand_;
}

std::shared_ptr<const Stream> Catalog::find(std::string_view account, std::string_view region,
                                            std::string_view name) const {
  return streams_.find(stream_key(account, region, name));
}

std::vector<std::shared_ptr<const Stream>> Catalog::list(std::string_view account,
                                                         std::string_view region,
                                                         std::string_view after,
                                                         size_t limit) const {
  return streams_.list_behind(stream_key(account, region, ""), after, limit);
}

std::shared_ptr<const Consumer> Catalog::find_consumer(const Stream& stream,
                                                       std::string_view name) const {
  return consumers_.find(consumer_key(stream.account, stream.region, stream.name, name));
}

std::vector<std::shared_ptr<const Consumer>> Catalog::consumers(const Stream& stream,
                                                                std::string_view after) const {
  return consumers_.list_behind(consumer_keys(stream.account, stream.region, stream.name), after);
}

std::vector<std::shared_ptr<const Consumer>> Catalog::consumers(std::string_view account,
                                                                std::string_view region) const {
  return consumers_.list(consumer_keys(account, region));
}

AccountSettings Catalog::account_settings(std::string_view account, std::string_view region) const {
  const auto found = accounts_.find(account_key(account, region));
  return found ? *found : AccountSettings();
}

Catalog::Usage Catalog::usage(std::string_view account, std::string_view region) const {
  const std::lock_guard lock(mutex_);
  const auto found = usage_.find(account_key(account, region));
  return found == usage_.end() ? Usage() : found->second;
}

}  // namespace millstream::kinesis
