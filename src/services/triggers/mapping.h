#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace millstream::triggers {

// An event source mapping: which function gets the records of which stream, and how. A value,
// written whole at every change (docs/formats/state/triggers.md).
struct Mapping {
  std::string account;
  std::string region;
  std::string uuid;
  std::string stream_arn;
  uint64_t stream_id = 0;  // the stream itself: one made again under its name is another
  std::string function_name;
  std::string function_arn;
  std::string starting_position;  // as it was asked for
  std::optional<int64_t> starting_timestamp_ms;
  // By shard index: the first sequence to be delivered. All of a shard that was made later is.
  std::vector<uint64_t> starts;
  int32_t batch_size = 100;
  int32_t batching_window_s = 0;
  int32_t retry_attempts_max = -1;  // -1: until the stream no longer holds the records
  int32_t record_age_max_s = -1;    // -1: never too old
  bool enabled = true;
  int64_t modified_ms = 0;
};

// In the state store; all mappings of an account and region stand behind one prefix, in one lane.
inline constexpr std::string_view kMappingKeyPrefix = "tm";
std::string mapping_key_prefix(std::string_view account, std::string_view region);
std::string mapping_key(std::string_view account, std::string_view region, std::string_view uuid);

std::string to_document(const Mapping& mapping);
Result<Mapping> parse_mapping(std::string_view document);

}  // namespace millstream::triggers
