#include <fmt/format.h>

#include <algorithm>

#include "base/digest.h"
#include "lanes/stored_document.h"
#include "services/kinesis/describe.h"
#include "services/kinesis/operations.gen.h"
#include "services/kinesis/stream_change.h"
#include "services/kinesis/tags.h"

namespace millstream::kinesis::ops {
namespace {

aws::Result<> check_creating(Service& service, const aws::RequestContext& context) {
  if (service.options().transition_ms == 0) return {};
  const auto consumers = service.catalog().consumers(context.account, context.region);
  const auto creating = std::count_if(
      consumers.begin(), consumers.end(),
      [&](const auto& consumer) { return consumer->status(context.now_ms) == "CREATING"; });
  const int64_t limit = service.quotas()[Quota::kConsumersCreating];
  if (creating < limit) return {};
  return errors::limit_exceeded_exception(
      fmt::format("This request would exceed the limit of {} consumers in the CREATING state for "
                  "the account {} in {}.",
                  limit, context.account, context.region));
}

// A consumer of the name that is on its way out has to be gone first, as a second one.
aws::Result<> check_name(lanes::Transaction& transaction, const std::string& key,
                         const Consumer& consumer, int64_t now_ms) {
  auto existing = lanes::get_document(transaction, key, parse_consumer);
  if (!existing) return aws::Error(existing.take_error());
  if (!*existing || is_gone((*existing)->transition, now_ms)) return {};
  return errors::resource_in_use_exception(
      fmt::format("Consumer {} under stream {} and account {} already exists.", consumer.name,
                  consumer.stream, consumer.account));
}

aws::Result<> check_count(lanes::Transaction& transaction, const Consumer& consumer, int64_t limit,
                          int64_t now_ms) {
  const std::string keys = consumer_keys(consumer.account, consumer.region, consumer.stream);
  int64_t count = 0;
  Result<> scanned = transaction.scan(keys, lanes::prefix_end(keys),
                                      [&](std::string_view, std::string_view document) {
                                        const auto other = parse_consumer(document);
                                        if (!other || !is_gone(other->transition, now_ms)) ++count;
                                        return true;
                                      });
  if (!scanned) return aws::Error(scanned.take_error());
  if (count < limit) return {};
  return errors::limit_exceeded_exception(
      fmt::format("This request would exceed the limit of {} consumers for stream {} under account "
                  "{}.",
                  limit, consumer.stream, consumer.account));
}

}  // namespace

io::Task<aws::Result<api::RegisterStreamConsumerOutput>> register_stream_consumer(
    Service& service, const aws::RequestContext& context, api::RegisterStreamConsumerInput input) {
  auto stream =
      service.find_stream_in_any_status(context, std::nullopt, input.stream_arn, input.stream_id);
  if (!stream) co_return stream.take_error();
  Consumer consumer;
  consumer.account = (*stream)->account;
  consumer.region = (*stream)->region;
  consumer.stream = (*stream)->name;
  consumer.stream_id = (*stream)->id;
  consumer.name = input.consumer_name;
  consumer.created_ms = context.now_ms;
  consumer.transition = transition_to(service, "CREATING", context.now_ms);
  aws::Result<> checked = check_creating(service, context);
  if (checked && input.tags) {
    checked = add_tags(service.quotas(), in_words(consumer), *input.tags, &consumer.tags);
  }
  if (!checked) co_return checked.take_error();
  const bool advantage =
      (*stream)->on_demand &&
      service.catalog().account_settings(context.account, context.region).committed(context.now_ms);
  const int64_t limit =
      service.quotas()[advantage ? Quota::kConsumersAdvantage : Quota::kConsumers];

  const std::string key =
      consumer_key(consumer.account, consumer.region, consumer.stream, consumer.name);
  const auto change = [&](lanes::Transaction& transaction, Stream&) {
    aws::Result<> done = check_name(transaction, key, consumer, context.now_ms);
    if (done) done = check_count(transaction, consumer, limit, context.now_ms);
    if (done) transaction.put(key, to_document(consumer));
    return done;
  };
  aws::Result<> done = co_await run_with_stream(service, context, stream.take(), change);
  if (!done) co_return done.take_error();
  api::RegisterStreamConsumerOutput output;
  output.consumer = describe(consumer, context.now_ms);
  co_return output;
}

}  // namespace millstream::kinesis::ops
