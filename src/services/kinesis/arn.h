#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace millstream::kinesis {

// arn:aws:kinesis:<region>:<account>:stream/<name>, and a consumer's, which goes on with
// /consumer/<name>:<creation in seconds>. Views into the text.
struct ResourceName {
  std::string_view account;
  std::string_view region;
  std::string_view stream;
  std::string_view consumer;           // empty: it names the stream
  std::string_view consumer_creation;  // digits
};

// `arn` has the form of the model's pattern; what comes behind a stream's name and is no consumer
// is dropped. Nothing for another kind of resource (a queue, a channel).
std::optional<ResourceName> split_arn(std::string_view arn);

std::string stream_arn(std::string_view region, std::string_view account, std::string_view name);

}  // namespace millstream::kinesis
