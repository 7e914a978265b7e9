#include "services/kinesis/consumer.h"

#include <fmt/format.h>

#include "base/document.h"
#include "services/kinesis/arn.h"

namespace millstream::kinesis {

template <class Fields>
void each_field(Fields& fields, typename Fields::template Of<Consumer>& consumer) {
  fields("account", consumer.account);
  fields("region", consumer.region);
  fields("stream", consumer.stream);
  fields("stream_id", consumer.stream_id);
  fields("name", consumer.name);
  fields("created_ms", consumer.created_ms);
  fields.unless_empty("tags", consumer.tags);
  fields.unless_empty("policy", consumer.policy);
  fields("transition", consumer.transition);
}

std::string Consumer::stream_arn() const {
  return kinesis::stream_arn(region, account, stream);
}

std::string Consumer::arn() const {
  return fmt::format("{}/consumer/{}:{}", stream_arn(), name, created_ms / 1000);
}

std::string consumer_keys(std::string_view account, std::string_view region,
                          std::string_view stream) {
  return consumer_keys(account, region).append(stream).append("/");
}

std::string consumer_keys(std::string_view account, std::string_view region) {
  return fmt::format("{}{}/{}/", kConsumerKeyPrefix, account, region);
}

std::string consumer_key(std::string_view account, std::string_view region, std::string_view stream,
                         std::string_view name) {
  return consumer_keys(account, region, stream).append(name);
}

std::string to_document(const Consumer& consumer) {
  return write_document(consumer);
}

Result<Consumer> parse_consumer(std::string_view document) {
  return parse_document<Consumer>(document, "consumer document");
}

}  // namespace millstream::kinesis
