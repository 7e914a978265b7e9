#pragma once

#include <simdjson.h>

#include <string>

#include "aws/error.h"
#include "services/dynamodb/model/value.h"

namespace millstream::dynamodb {

// The AttributeValue of the wire: {"S":"text"}, {"N":"1.5"}, {"M":{...}} and so on. Called by the
// generated codec (api_overrides.json).
//
// Fails with SerializationException when the JSON has the wrong kind somewhere. A value that breaks
// a rule of DynamoDB is no failure here: it becomes a Defect, which the operation reports in its
// turn.
aws::Result<> read_json(simdjson::ondemand::value json, Value* out);

void write_json(const Value& value, std::string* out);
// A whole item, {"name":{...},...}.
void write_json(const Item& item, std::string* out);
// The same of an item's bytes in the state. kCorruption for what decode_item would refuse; `out` is
// then partly written.
Result<> write_stored_json(std::string_view stored, std::string* out);

}  // namespace millstream::dynamodb
