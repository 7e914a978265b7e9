#include "services/triggers/mapping.h"

#include <nlohmann/json.hpp>

namespace millstream::triggers {

std::string mapping_key_prefix(std::string_view account, std::string_view region) {
  std::string key(kMappingKeyPrefix);
  return key.append(account).append("/").append(region).append("/");
}

std::string mapping_key(std::string_view account, std::string_view region, std::string_view uuid) {
  return mapping_key_prefix(account, region).append(uuid);
}

std::string to_document(const Mapping& mapping) {
  nlohmann::json document = {
      {"v", 1},
      {"account", mapping.account},
      {"region", mapping.region},
      {"uuid", mapping.uuid},
      {"stream_arn", mapping.stream_arn},
      {"stream_id", mapping.stream_id},
      {"function_name", mapping.function_name},
      {"function_arn", mapping.function_arn},
      {"starting_position", mapping.starting_position},
      {"starts", mapping.starts},
      {"batch_size", mapping.batch_size},
      {"batching_window_s", mapping.batching_window_s},
      {"retry_attempts_max", mapping.retry_attempts_max},
      {"record_age_max_s", mapping.record_age_max_s},
      {"enabled", mapping.enabled},
      {"modified_ms", mapping.modified_ms},
  };
  if (mapping.starting_timestamp_ms) {
    document["starting_timestamp_ms"] = *mapping.starting_timestamp_ms;
  }
  return document.dump();
}

Result<Mapping> parse_mapping(std::string_view document) {
  try {
    const nlohmann::json fields = nlohmann::json::parse(document);
    Mapping mapping;
    fields.at("account").get_to(mapping.account);
    fields.at("region").get_to(mapping.region);
    fields.at("uuid").get_to(mapping.uuid);
    fields.at("stream_arn").get_to(mapping.stream_arn);
    fields.at("stream_id").get_to(mapping.stream_id);
    fields.at("function_name").get_to(mapping.function_name);
    fields.at("function_arn").get_to(mapping.function_arn);
    fields.at("starting_position").get_to(mapping.starting_position);
    fields.at("starts").get_to(mapping.starts);
    fields.at("batch_size").get_to(mapping.batch_size);
    fields.at("batching_window_s").get_to(mapping.batching_window_s);
    fields.at("retry_attempts_max").get_to(mapping.retry_attempts_max);
    fields.at("record_age_max_s").get_to(mapping.record_age_max_s);
    fields.at("enabled").get_to(mapping.enabled);
    fields.at("modified_ms").get_to(mapping.modified_ms);
    if (fields.contains("starting_timestamp_ms")) {
      mapping.starting_timestamp_ms = fields["starting_timestamp_ms"].get<int64_t>();
    }
    return mapping;
  } catch (const nlohmann::json::exception& failure) {
    return Error{ErrorCode::kCorruption,
                 std::string("a trigger's document can't be read: ") + failure.what()};
  }
}

}  // namespace millstream::triggers
