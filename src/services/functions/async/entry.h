#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace millstream::functions {

// A queued asynchronous invocation as it is stored (docs/formats/state/lambda.md).
struct AsyncEntry {
  int64_t accepted_ms = 0;
  int64_t not_before_ms = 0;
  int function_errors = 0;
  int throttles = 0;
  std::string client_context;
  std::string payload;
};

std::string encode_entry(const AsyncEntry& entry);
Result<AsyncEntry> decode_entry(std::string_view bytes);

}  // namespace millstream::functions
