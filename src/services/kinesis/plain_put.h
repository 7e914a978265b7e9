#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "services/kinesis/record.h"

namespace millstream::kinesis {

// PutRecord and PutRecords in the form that SDKs send: a stream's name, data and partition keys,
// all of them valid by the model. Read without the generated codec: the data of all records is
// decoded into one buffer, keys are views of the body.
struct PlainPut {
  std::string_view stream_name;        // of the body
  std::unique_ptr<char[]> data;        // of all records, one behind the other
  std::vector<RecordPayload> records;  // views of the body and of `data`
};

// Both give nothing for a body of any other form, right or wrong: other members, escapes in a
// string, something that the model doesn't allow. The generated codec then says what it is. `body`
// is followed by 64 readable bytes and outlives what is made of it.
std::optional<PlainPut> read_plain_put_record(std::string_view body);
std::optional<PlainPut> read_plain_put_records(std::string_view body);

}  // namespace millstream::kinesis
