#include "services/kinesis/stream_change.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "base/digest.h"
#include "lanes/lanes.h"
#include "lanes/stored_document.h"
#include "services/kinesis/api.gen.h"

namespace millstream::kinesis {

aws::Result<Stream> active_stream(lanes::Transaction& transaction, const Stream& found,
                                  int64_t now_ms) {
  auto stored = lanes::get_document(transaction, found.key(), parse_stream);
  if (!stored) return aws::Error(stored.take_error());
  const bool same = *stored && (*stored)->id == found.id;
  if (!same || is_gone((*stored)->transition, now_ms)) {
    return stream_not_found(found.name, found.account);
  }
  const std::string_view status = (*stored)->status(now_ms);
  if (status != "ACTIVE") return not_active(**stored, status);
  return std::move(**stored);
}

io::Task<aws::Result<>> run_with_stream(
    Service& service, const aws::RequestContext& context, std::shared_ptr<const Stream> stream,
    std::function<aws::Result<>(lanes::Transaction& transaction, Stream& stream)> change) {
  auto body = [&](lanes::Transaction& transaction) -> aws::Result<> {
    auto active = active_stream(transaction, *stream, context.now_ms);
    if (!active) return active.take_error();
    return change(transaction, *active);
  };
  co_return co_await service.lanes().run(context.home,
                                         service.lanes().lane_of(stable_hash(stream->key())), body);
}

io::Task<aws::Result<>> change_stream(Service& service, const aws::RequestContext& context,
                                      std::shared_ptr<const Stream> stream, ChangeStream change,
                                      std::string status) {
  auto body = [&](lanes::Transaction& transaction, Stream& active) -> aws::Result<> {
    aws::Result<> done = change(active, context.now_ms);
    if (!done) return done;
    if (!status.empty()) active.transition = transition_to(service, status, context.now_ms);
    transaction.put(active.key(), to_document(active));
    return {};
  };
  co_return co_await run_with_stream(service, context, std::move(stream), body);
}

io::Task<aws::Result<>> change_consumer(Service& service, const aws::RequestContext& context,
                                        std::shared_ptr<const Consumer> consumer,
                                        ChangeConsumer change, std::string status) {
  const std::string key =
      consumer_key(consumer->account, consumer->region, consumer->stream, consumer->name);
  const std::string stream = stream_key(consumer->account, consumer->region, consumer->stream);
  auto body = [&](lanes::Transaction& transaction) -> aws::Result<> {
    auto stored = lanes::get_document(transaction, key, parse_consumer);
    if (!stored) return aws::Error(stored.take_error());
    const bool same = *stored && (*stored)->created_ms == consumer->created_ms;
    if (!same || is_gone((*stored)->transition, context.now_ms)) {
      return consumer_not_found(consumer->arn(), consumer->account);
    }
    Consumer& changed = **stored;
    if (changed.status(context.now_ms) != "ACTIVE") return not_active(changed);
    aws::Result<> done = change(changed, context.now_ms);
    if (!done) return done;
    if (!status.empty()) changed.transition = transition_to(service, status, context.now_ms);
    if (is_gone(changed.transition, context.now_ms)) {
      transaction.erase(key);
    } else {
      transaction.put(key, to_document(changed));
    }
    return {};
  };
  co_return co_await service.lanes().run(context.home, service.lanes().lane_of(stable_hash(stream)),
                                         body);
}

Result<> erase_stream(lanes::Transaction& transaction, const Stream& stream) {
  const std::string consumers = consumer_keys(stream.account, stream.region, stream.name);
  std::vector<std::string> keys;
  Result<> scanned = transaction.scan(consumers, lanes::prefix_end(consumers),
                                      [&](std::string_view key, std::string_view) {
                                        keys.emplace_back(key);
                                        return true;
                                      });
  if (!scanned) return scanned;
  for (const std::string& key : keys) transaction.erase(key);
  transaction.erase(stream.key());
  return {};
}

std::optional<Transition> transition_to(Service& service, std::string status, int64_t now_ms) {
  const int64_t duration_ms = service.options().transition_ms;
  // A deletion is a transition in any case: its end is when the document goes.
  if (duration_ms == 0 && status != "DELETING") return std::nullopt;
  return Transition{std::move(status), now_ms + duration_ms};
}

aws::Error not_active(const Stream& stream, std::string_view status) {
  return errors::resource_in_use_exception(
      fmt::format("Stream {} under account {} not ACTIVE, instead in state {}", stream.name,
                  stream.account, status));
}

aws::Error not_active(const Consumer& consumer) {
  return errors::resource_in_use_exception(fmt::format(
      "Consumer {} with creation timestamp {} under stream {} and account {} is not in ACTIVE "
      "status.",
      consumer.name, consumer.created_ms / 1000, consumer.stream, consumer.account));
}

}  // namespace millstream::kinesis
