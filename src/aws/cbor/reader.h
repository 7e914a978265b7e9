#pragma once

#include <string_view>

#include "aws/cbor/decoder.h"
#include "aws/error.h"
#include "aws/model/descriptor.h"
#include "aws/model/path.h"

namespace millstream::aws {

// How a point in time is written as an integer: AWS's own CBOR has milliseconds there, Smithy's
// RPC v2 has RFC 8949's seconds. One with a fraction is in seconds in both.
enum class CborTime : uint8_t { kMilliseconds, kSeconds };

struct CborReadOptions {
  bool java_type_names = false;  // see ErrorStyle
  CborTime time = CborTime::kMilliseconds;
};

// Reads one CBOR map into a default-made object of the structure type `type`, by the rules of
// read_json_object: unknown members are ignored; null and undefined are as if the member weren't
// there; of a repeated member the last counts; a number with a fraction is cut where an integer
// stands; one out of range becomes the nearest. Blobs are byte strings; tags mean nothing but for
// a point in time, which may come without one or as ISO 8601 text, too. `missing` gets the required
// members that weren't there. Fails with a SerializationException, without a message if the text
// isn't well-formed, has more than one item or keys that aren't text.
Result<> read_cbor_object(std::string_view text, const model::Type& type,
                          const CborReadOptions& options, void* value,
                          model::MissingMembers* missing);

// What a text that isn't well-formed is refused with.
Error not_cbor();

}  // namespace millstream::aws
