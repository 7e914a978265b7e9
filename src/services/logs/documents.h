#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace millstream::logs {

// What is stored of a log group and of a log stream, as JSON (docs/formats/state/logs.md).
struct GroupDocument {
  uint64_t id = 0;  // drawn at random when the group is made; never 0
  int64_t creation_ms = 0;
  std::optional<int32_t> retention_days;
  std::map<std::string, std::string> tags;
};

struct StreamDocument {
  uint64_t id = 0;
  int64_t creation_ms = 0;
  uint64_t last_sequence = 0;  // of the newest event; 0 before the first
  std::optional<int64_t> first_event_ms;
  std::optional<int64_t> last_event_ms;
  std::optional<int64_t> last_ingestion_ms;
  int64_t stored_bytes = 0;
};

std::string encode(const GroupDocument& document);
std::string encode(const StreamDocument& document);
// Fail with kCorruption when `text` isn't a document of a version that is known here.
Result<GroupDocument> decode_group(std::string_view text);
Result<StreamDocument> decode_stream(std::string_view text);

// One stored event: when it came, and its message. `message` points into `value`.
struct StoredEvent {
  int64_t ingestion_ms = 0;
  std::string_view message;
};
std::string encode_event(int64_t ingestion_ms, std::string_view message);
Result<StoredEvent> decode_event(std::string_view value);

}  // namespace millstream::logs
