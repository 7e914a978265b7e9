#pragma once

#include <string_view>

#include "aws/error.h"
#include "aws/model/descriptor.h"
#include "aws/model/path.h"

namespace millstream::aws {

// simdjson reads up to this many bytes behind a text; they must be readable, whatever they hold.
inline constexpr size_t kJsonPadding = 64;

// Nested values that the reader enters; deeper ones are a SerializationException. (Unknown members
// are skipped without entering them.)
inline constexpr size_t kJsonDepthMax = 128;

struct JsonReadOptions {
  bool java_type_names = false;  // see ErrorStyle
  // Members by the model's names and from any Location, as Gateway's callers give them; otherwise
  // the body's members by their names on the wire.
  bool model_names = false;
};

// Reads one JSON object into a default-made object of the structure type `type`. Unknown members
// are ignored; null is as if the member weren't there; of a repeated member the last counts; a
// number with a fraction is cut where an integer stands; one out of range becomes the nearest.
// `missing` gets the required members that weren't there. Fails with a SerializationException,
// without a message if the text isn't JSON or UTF-8. At least kJsonPadding readable bytes follow
// `text`.
Result<> read_json_object(std::string_view text, const model::Type& type,
                          const JsonReadOptions& options, void* value,
                          model::MissingMembers* missing);

}  // namespace millstream::aws
