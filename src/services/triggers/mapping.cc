#include "services/triggers/mapping.h"

#include "base/document.h"

namespace millstream::triggers {

std::string mapping_key_prefix(std::string_view account, std::string_view region) {
  std::string key(kMappingKeyPrefix);
  return key.append(account).append("/").append(region).append("/");
}

std::string mapping_key(std::string_view account, std::string_view region, std::string_view uuid) {
  return mapping_key_prefix(account, region).append(uuid);
}

template <class Fields>
void each_field(Fields& fields, typename Fields::template Of<Mapping>& mapping) {
  fields("account", mapping.account);
  fields("region", mapping.region);
  fields("uuid", mapping.uuid);
  fields("stream_arn", mapping.stream_arn);
  fields("stream_id", mapping.stream_id);
  fields("function_name", mapping.function_name);
  fields("function_arn", mapping.function_arn);
  fields("starting_position", mapping.starting_position);
  fields("starting_timestamp_ms", mapping.starting_timestamp_ms);
  fields("starts", mapping.starts);
  fields("batch_size", mapping.batch_size);
  fields("batching_window_s", mapping.batching_window_s);
  fields("retry_attempts_max", mapping.retry_attempts_max);
  fields("record_age_max_s", mapping.record_age_max_s);
  fields("enabled", mapping.enabled);
  fields("modified_ms", mapping.modified_ms);
}

std::string to_document(const Mapping& mapping) {
  return write_document(mapping);
}

Result<Mapping> parse_mapping(std::string_view document) {
  return parse_document<Mapping>(document, "event source mapping document");
}

}  // namespace millstream::triggers
