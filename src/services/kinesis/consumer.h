#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "services/kinesis/transition.h"

namespace millstream::kinesis {

// A registered consumer of a stream: a value, written whole at every change.
struct Consumer {
  std::string account;
  std::string region;
  std::string stream;      // its name
  uint64_t stream_id = 0;  // Stream::id: a stream made again has none of the old one's consumers
  std::string name;
  int64_t created_ms = 0;
  std::map<std::string, std::string> tags;
  std::string policy;  // its resource policy as it was given; empty: none
  std::optional<Transition> transition;

  [[nodiscard]] std::string stream_arn() const;
  // Ends with the second of the registration: a consumer registered again has another.
  [[nodiscard]] std::string arn() const;
  [[nodiscard]] std::string_view status(int64_t now_ms) const {
    return status_of(transition, now_ms);
  }
};

// The document in the state store (docs/formats/state/kinesis.md). A stream's consumers are in the
// lane of the stream's document, so that they change together.
inline constexpr std::string_view kConsumerKeyPrefix = "kc";
std::string consumer_key(std::string_view account, std::string_view region, std::string_view stream,
                         std::string_view name);
// What the keys of a stream's consumers begin with.
std::string consumer_keys(std::string_view account, std::string_view region,
                          std::string_view stream);
// ... and those of an account's consumers in a region.
std::string consumer_keys(std::string_view account, std::string_view region);
std::string to_document(const Consumer& consumer);
Result<Consumer> parse_consumer(std::string_view document);

}  // namespace millstream::kinesis
