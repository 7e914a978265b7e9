#include "services/dynamodb/sweeper.h"

#include <map>
#include <utility>
#include <vector>

#include "base/coding.h"

namespace millstream::dynamodb {
namespace {

constexpr size_t kPageBytes = 4u << 20;

// A count's key ends with its lane.
lanes::LaneId lane_of_count_key(std::string_view key) {
  return static_cast<lanes::LaneId>(load_big<uint32_t>(key.data() + key.size() - sizeof(uint32_t)));
}

Result<> first_failure(std::vector<Result<>> results) {
  for (Result<>& result : results) {
    if (!result) return std::move(result);
  }
  return {};
}

}  // namespace

Sweeper::Sweeper(lanes::Lanes& lanes, io::Executor& background, const Catalogue& catalogue,
                 std::function<void(const std::string&)> warn)
    : lanes_(lanes), background_(background), catalogue_(catalogue), warn_(std::move(warn)) {}

void Sweeper::wake() {
  background_.post([this] { begin_round(); });
}

void Sweeper::stop() {
  stopped_ = true;
  if (std::exchange(timer_set_, false)) background_.cancel(timer_);
}

void Sweeper::begin_round() {
  if (stopped_) return;
  again_ = running_;
  if (running_) return;
  running_ = true;
  io::spawn(round());
}

io::Task<> Sweeper::round() {
  bool failed = false;
  const std::vector<Removal> removals = catalogue_.removals();
  for (const Removal& removal : removals) {
    if (stopped_) break;
    Result<> removed = co_await remove(removal);
    if (removed || stopped_) continue;
    failed = true;
    warn_("dynamodb: the items of the deleted table " + removal.address.name +
          " couldn't be taken away yet: " + removed.error().message);
  }
  running_ = false;
  if (stopped_) co_return;
  if (failed) {
    timer_set_ = true;
    timer_ = background_.run_after(kRetryUs, [this] {
      timer_set_ = false;
      begin_round();
    });
  } else if (again_) {
    wake();
  }
}

io::Task<Result<>> Sweeper::remove(Removal removal) {
  // A write that saw the table may still be on its way.
  Result<> settled = co_await lanes_.settled(background_);
  if (!settled) co_return settled;
  for (const bool counts : {false, true}) {
    bool more = true;
    while (more) {
      if (stopped_) co_return Result<>();
      std::string prefix = counts ? count_prefix(removal.id) : items_prefix(removal.id);
      Result<bool> erased = co_await erase_some(std::move(prefix), counts);
      if (!erased) co_return erased.take_error();
      more = *erased;
    }
  }
  std::vector<std::string> last = {removal_key(removal.address, removal.id)};
  const lanes::LaneId lane = lanes_.lane_of(table_hash(removal.address));
  Result<> finished = co_await erase_keys(lane, std::move(last));
  co_return finished;
}

io::Task<Result<bool>> Sweeper::erase_some(std::string prefix, bool counts) {
  std::string end = lanes::prefix_end(prefix);
  auto page =
      co_await lanes_.scan(background_, std::move(prefix), std::move(end), kSweepItems, kPageBytes);
  if (!page) co_return page.take_error();
  std::map<lanes::LaneId, std::vector<std::string>> by_lane;
  for (auto& [key, value] : page->entries) {
    const lanes::LaneId lane =
        counts ? lane_of_count_key(key) : lanes_.lane_of(hash_of_item_key(key));
    by_lane[lane].push_back(std::move(key));
  }
  std::vector<io::Task<Result<>>> erasures;
  for (auto& [lane, keys] : by_lane) erasures.push_back(erase_keys(lane, std::move(keys)));
  std::vector<Result<>> results = co_await io::when_all(std::move(erasures));
  Result<> erased = first_failure(std::move(results));
  if (!erased) co_return erased.take_error();
  co_return page->more;
}

io::Task<Result<>> Sweeper::erase_keys(lanes::LaneId lane, std::vector<std::string> keys) {
  Result<> erased =
      co_await lanes_.run(background_, lane, [&](lanes::Transaction& transaction) -> Result<> {
        for (const std::string& key : keys) transaction.erase(key);
        return {};
      });
  co_return erased;
}

}  // namespace millstream::dynamodb
