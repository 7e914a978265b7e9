#pragma once

#include <string>

#include "aws/model/descriptor.h"

namespace millstream::aws {

struct JsonWriteOptions {
  bool model_names = false;  // see JsonReadOptions
};

// Appends the structure as a JSON object: absent members aren't written, blobs are base64,
// timestamps are as the model says (seconds by default).
void append_json_object(const model::Type& type, const void* value, const JsonWriteOptions& options,
                        std::string* out);

// A value of any type.
void append_json_value(const model::Type& type, const void* value, const JsonWriteOptions& options,
                       std::string* out);

}  // namespace millstream::aws
