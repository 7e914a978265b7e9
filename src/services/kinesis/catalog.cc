#include "services/kinesis/catalog.h"

#include <mutex>
#include <utility>

#include "base/check.h"

namespace millstream::kinesis {

Catalog::Catalog(lanes::Lanes& lanes) : lanes_(lanes) {
  lanes.observe(std::string(kStreamKeyPrefix),
                [this](std::string_view key, std::optional<std::string_view> value) {
                  if (!value) {
                    erase(key);
                    return;
                  }
                  Result<Stream> stream = parse_stream(*value);
                  CHECK(stream.ok());  // written a moment ago by this process
                  put(key, std::make_shared<const Stream>(stream.take()));
                });
}

Result<> Catalog::load() {
  Result<> loaded =
      lanes_.scan_now(kStreamKeyPrefix, lanes::prefix_end(kStreamKeyPrefix),
                      [this](std::string_view key, std::string_view value) -> Result<> {
                        Result<Stream> stream = parse_stream(value);
                        if (!stream) return stream.take_error().in(key);
                        put(key, std::make_shared<const Stream>(stream.take()));
                        return {};
                      });
  if (loaded) lanes_.set_retention_complete();
  return loaded;
}

void Catalog::put(std::string_view key, std::shared_ptr<const Stream> stream) {
  lanes_.set_retention(stream->id, int64_t{stream->retention_hours} * 3'600'000);
  const std::unique_lock lock(mutex_);
  by_id_[stream->id] = stream;
  by_key_.insert_or_assign(std::string(key), std::move(stream));
}

void Catalog::erase(std::string_view key) {
  const std::unique_lock lock(mutex_);
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return;
  lanes_.set_retention(found->second->id, 0);
  by_id_.erase(found->second->id);
  by_key_.erase(found);
}

std::shared_ptr<const Stream> Catalog::find(std::string_view account, std::string_view region,
                                            std::string_view name) const {
  const std::string key = stream_key(account, region, name);
  const std::shared_lock lock(mutex_);
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? nullptr : found->second;
}

std::shared_ptr<const Stream> Catalog::find_id(uint64_t id) const {
  const std::shared_lock lock(mutex_);
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<const Stream>> Catalog::list(std::string_view account,
                                                         std::string_view region,
                                                         std::string_view after,
                                                         size_t limit) const {
  const std::string prefix = stream_key(account, region, "");
  const std::string start = prefix + std::string(after);
  const std::shared_lock lock(mutex_);
  std::vector<std::shared_ptr<const Stream>> result;
  for (auto at = after.empty() ? by_key_.lower_bound(start) : by_key_.upper_bound(start);
       at != by_key_.end() && at->first.starts_with(prefix) && result.size() < limit; ++at) {
    result.push_back(at->second);
  }
  return result;
}

}  // namespace millstream::kinesis
