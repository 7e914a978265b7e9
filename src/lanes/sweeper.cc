#include "lanes/sweeper.h"

#include <map>
#include <utility>

namespace millstream::lanes {
namespace {

constexpr size_t kPageBytes = 4u << 20;

Result<> first_failure(std::vector<Result<>> results) {
  for (Result<>& result : results) {
    if (!result) return std::move(result);
  }
  return {};
}

}  // namespace

Sweeper::Sweeper(Lanes& lanes, io::Executor& background, Round round)
    : lanes_(lanes), background_(background), round_(std::move(round)) {}

void Sweeper::wake() {
  background_.post([this] { begin_round(); });
}

void Sweeper::stop() {
  stopped_ = true;
  if (const auto timer = std::exchange(timer_, std::nullopt)) background_.cancel(*timer);
}

void Sweeper::begin_round() {
  if (stopped_) return;
  again_ = running_;
  if (running_) return;
  running_ = true;
  if (const auto timer = std::exchange(timer_, std::nullopt)) background_.cancel(*timer);
  io::spawn(run_round());
}

io::Task<> Sweeper::run_round() {
  const std::optional<int64_t> next_us = co_await round_();
  running_ = false;
  if (stopped_) co_return;
  if (again_) {
    wake();
  } else if (next_us) {
    timer_ = background_.run_after(*next_us, [this] {
      timer_.reset();
      begin_round();
    });
  }
}

io::Task<Result<bool>> Sweeper::erase_range(std::string from, std::string to, LaneOfKey lane_of) {
  bool more = true;
  while (more) {
    if (stopped_) co_return false;
    Result<bool> erased = co_await erase_page(from, to, lane_of);
    if (!erased) co_return erased.take_error();
    more = *erased;
  }
  co_return true;
}

// Gives whether more may remain.
io::Task<Result<bool>> Sweeper::erase_page(std::string from, std::string to, LaneOfKey lane_of) {
  auto page =
      co_await lanes_.scan(background_, std::move(from), std::move(to), kKeysMax, kPageBytes);
  if (!page) co_return page.take_error();
  std::map<LaneId, std::vector<std::string>> by_lane;
  for (auto& [key, value] : page->entries) by_lane[lane_of(key)].push_back(std::move(key));
  std::vector<io::Task<Result<>>> erasures;
  for (auto& [lane, keys] : by_lane) erasures.push_back(erase_keys(lane, std::move(keys)));
  std::vector<Result<>> results = co_await io::when_all(std::move(erasures));
  Result<> erased = first_failure(std::move(results));
  if (!erased) co_return erased.take_error();
  co_return page->more;
}

io::Task<Result<>> Sweeper::erase_keys(LaneId lane, std::vector<std::string> keys) {
  auto body = [&](Transaction& transaction) -> Result<> {
    for (const std::string& key : keys) transaction.erase(key);
    return {};
  };
  Result<> erased = co_await lanes_.run(background_, lane, body);
  co_return erased;
}

}  // namespace millstream::lanes
