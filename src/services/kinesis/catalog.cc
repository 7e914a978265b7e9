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

void Catalog::on_change(const std::shared_ptr<const Stream>& before,
                        const std::shared_ptr<const Stream>& now) {
  if (now) {
    lanes_.set_retention(now->id, int64_t{now->retention_hours} * 3'600'000);
  } else {
    lanes_.set_retention(before->id, 0);
  }
  ids_.change(before, now);
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
