#include "services/dynamodb/sweeper.h"

#include <string_view>
#include <utility>
#include <vector>

#include "base/coding.h"

namespace millstream::dynamodb {
namespace {

// A count's key ends with its lane.
lanes::LaneId lane_of_count_key(std::string_view key) {
  return static_cast<lanes::LaneId>(load_big<uint32_t>(key.data() + key.size() - sizeof(uint32_t)));
}

}  // namespace

Sweeper::Sweeper(lanes::Lanes& lanes, io::Executor& background, const Catalogue& catalogue,
                 std::function<void(const std::string&)> warn)
    : lanes_(lanes),
      background_(background),
      catalogue_(catalogue),
      warn_(std::move(warn)),
      sweeper_(lanes, background, [this] { return round(); }) {}

io::Task<std::optional<int64_t>> Sweeper::round() {
  std::optional<int64_t> retry_us;
  const std::vector<Removal> removals = catalogue_.removals();
  for (const Removal& removal : removals) {
    if (sweeper_.stopped()) break;
    Result<> removed = co_await remove(removal);
    if (removed || sweeper_.stopped()) continue;
    retry_us = kRetryUs;
    warn_("dynamodb: the items of the deleted table " + removal.address.name +
          " couldn't be taken away yet: " + removed.error().message);
  }
  co_return retry_us;
}

io::Task<Result<>> Sweeper::remove(Removal removal) {
  // A write that saw the table may still be on its way.
  Result<> settled = co_await lanes_.settled(background_);
  if (!settled) co_return settled;
  const std::string items = items_prefix(removal.id);
  const auto lane_of_item = [this](std::string_view key) {
    return lanes_.lane_of(hash_of_item_key(key));
  };
  Result<bool> gone = co_await sweeper_.erase_range(items, lanes::prefix_end(items), lane_of_item);
  if (gone && *gone) {
    const std::string counts = count_prefix(removal.id);
    gone = co_await sweeper_.erase_range(counts, lanes::prefix_end(counts), lane_of_count_key);
  }
  if (!gone) co_return gone.take_error();
  if (!*gone) co_return Result<>();
  std::vector<std::string> last = {removal_key(removal.address, removal.id)};
  const lanes::LaneId lane = lanes_.lane_of(table_hash(removal.address));
  Result<> finished = co_await sweeper_.erase_keys(lane, std::move(last));
  co_return finished;
}

}  // namespace millstream::dynamodb
