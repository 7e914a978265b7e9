#include "services/kinesis/catalog.h"

namespace millstream::kinesis {

Catalog::Catalog(lanes::Lanes& lanes)
    : lanes_(lanes),
      streams_(
          lanes, kStreamKeyPrefix, [](auto, auto value) { return parse_stream(value); },
          [this](auto& before, auto& now) { on_change(before, now); }) {}

Result<> Catalog::load() {
  Result<> loaded = streams_.load();
  if (loaded) lanes_.set_retention_complete();
  return loaded;
}

void Catalog::note_change(const std::shared_ptr<const Stream>& before,
                          const std::shared_ptr<const Stream>& now) {
  ids_.change(before, now);
  const uint64_t id = now ? now->id : before->id;
  lanes_.set_retention(id, now ? int64_t{now->retention_hours} * 3'600'000 : 0);
  const std::lock_guard lock(mutex_);
  if (now && now->resharding) {
    resharding_.insert(id);
  } else {
    resharding_.erase(id);
  }
}

void Catalog::on_change(const std::shared_ptr<const Stream>& before,
                        const std::shared_ptr<const Stream>& now) {
  note_change(before, now);
  if (!now) return;
  // Whoever waits at such a shard's end finds its children.
  for (const Shard& shard : now->shards) {
    if (shard.is_open()) continue;
    const Shard* const earlier = before ? before->shard_at(shard.index) : nullptr;
    if (earlier == nullptr || earlier->is_open()) lanes_.end_shard(now->shard_key(shard));
  }
}

std::vector<std::shared_ptr<const Stream>> Catalog::resharding() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<const Stream>> streams;
  for (const uint64_t id : resharding_) {
    if (auto stream = ids_.find(id)) streams.push_back(std::move(stream));
  }
  return streams;
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

}  // namespace millstream::kinesis
