#pragma once

#include <string>

#include "aws/cbor/decoder.h"
#include "aws/error.h"
#include "services/dynamodb/model/value.h"

namespace millstream::dynamodb {

// The AttributeValue of the wire as CBOR: what value_json.h has as JSON, with byte strings in B and
// BS. `head` was just read from `decoder`. Called by the generated codec (api_overrides.json).
aws::Result<> read_cbor(aws::CborDecoder& decoder, const aws::CborHead& head, Value* out);

void write_cbor(const Value& value, std::string* out);
// A whole item, {"name":{...},...}.
void write_cbor(const Item& item, std::string* out);

}  // namespace millstream::dynamodb
