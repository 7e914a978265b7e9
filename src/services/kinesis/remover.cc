#include "services/kinesis/remover.h"

#include <algorithm>

#include "base/digest.h"
#include "lanes/stored_document.h"
#include "services/kinesis/stream_change.h"

namespace millstream::kinesis {
namespace {

constexpr int64_t kRetryUs = 1'000'000;

// When what is DELETING is to go, in milliseconds from now; the earliest counts.
void note_due(const std::optional<Transition>& transition, int64_t now_ms,
              std::optional<int64_t>* next_us) {
  if (!transition || transition->status != "DELETING") return;
  const int64_t wait_us = std::max<int64_t>(0, transition->until_ms - now_ms) * 1000;
  *next_us = std::min(next_us->value_or(wait_us), wait_us);
}

}  // namespace

Remover::Remover(lanes::Lanes& lanes, Catalog& catalog, const Clock& clock,
                 io::Executor& background, std::function<void(const std::string&)> warn)
    : lanes_(lanes),
      catalog_(catalog),
      clock_(clock),
      background_(background),
      warn_(std::move(warn)),
      sweeper_(lanes, background, [this] { return round(); }) {}

io::Task<std::optional<int64_t>> Remover::round() {
  Result<> failed;
  for (const auto& stream : catalog_.all()) {
    if (sweeper_.stopped()) co_return std::nullopt;
    if (!is_gone(stream->transition, clock_.wall_ms())) continue;
    Result<> removed = co_await remove(stream);
    if (!removed) failed = removed.take_error();
  }
  for (const auto& consumer : catalog_.all_consumers()) {
    if (sweeper_.stopped()) co_return std::nullopt;
    if (!is_gone(consumer->transition, clock_.wall_ms())) continue;
    Result<> removed = co_await remove(consumer);
    if (!removed) failed = removed.take_error();
  }
  if (!failed) {
    warn_("Deleted streams can't be removed yet: " + failed.error().message);
    co_return kRetryUs;
  }
  std::optional<int64_t> next_us;
  for (const auto& stream : catalog_.all()) {
    note_due(stream->transition, clock_.wall_ms(), &next_us);
  }
  for (const auto& consumer : catalog_.all_consumers()) {
    note_due(consumer->transition, clock_.wall_ms(), &next_us);
  }
  co_return next_us;
}

io::Task<Result<>> Remover::remove(std::shared_ptr<const Stream> stream) {
  const std::string key = stream->key();
  auto body = [&](lanes::Transaction& transaction) -> Result<> {
    auto stored = lanes::get_document(transaction, key, parse_stream);
    if (!stored) return stored.take_error();
    if (!*stored || (*stored)->id != stream->id) return {};
    return erase_stream(transaction, **stored);
  };
  co_return co_await lanes_.run(background_, lanes_.lane_of(stable_hash(key)), body);
}

io::Task<Result<>> Remover::remove(std::shared_ptr<const Consumer> consumer) {
  const std::string key =
      consumer_key(consumer->account, consumer->region, consumer->stream, consumer->name);
  const std::string stream = stream_key(consumer->account, consumer->region, consumer->stream);
  auto body = [&](lanes::Transaction& transaction) -> Result<> {
    auto stored = lanes::get_document(transaction, key, parse_consumer);
    if (!stored) return stored.take_error();
    if (*stored && is_gone((*stored)->transition, transaction.now_ms())) transaction.erase(key);
    return {};
  };
  co_return co_await lanes_.run(background_, lanes_.lane_of(stable_hash(stream)), body);
}

}  // namespace millstream::kinesis
