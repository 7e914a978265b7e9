#pragma once

#include <string>

#include "lanes/lanes.h"

namespace millstream::lanes::testing {

// "3:c 4:d|5*": records, then the next sequence, and a star at the tip; or why there is none.
inline std::string text_of(const Result<RecordBatch>& batch) {
  if (!batch) return batch.error().message;
  std::string text;
  for (const Record& record : batch->records) {
    if (!text.empty()) text += ' ';
    text += std::to_string(record.sequence) + ":" + std::string(record.payload);
  }
  return text + "|" + std::to_string(batch->next_sequence) + (batch->at_tip ? "*" : "");
}

}  // namespace millstream::lanes::testing
