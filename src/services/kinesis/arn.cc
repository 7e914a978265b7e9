#include "services/kinesis/arn.h"

#include <fmt/format.h>

namespace millstream::kinesis {

std::optional<ResourceName> split_arn(std::string_view arn) {
  ResourceName name;
  std::string_view rest = arn;
  for (int field = 0; field < 5; ++field) {
    const size_t colon = rest.find(':');
    if (colon == rest.npos) return std::nullopt;
    if (field == 3) name.region = rest.substr(0, colon);
    if (field == 4) name.account = rest.substr(0, colon);
    rest.remove_prefix(colon + 1);
  }
  constexpr std::string_view kStream = "stream/";
  constexpr std::string_view kConsumer = "/consumer/";
  if (!rest.starts_with(kStream)) return std::nullopt;
  rest.remove_prefix(kStream.size());
  name.stream = rest.substr(0, rest.find('/'));
  rest.remove_prefix(name.stream.size());
  if (!rest.starts_with(kConsumer)) return name;
  rest.remove_prefix(kConsumer.size());
  const size_t colon = rest.find(':');
  name.consumer = rest.substr(0, colon);
  if (colon != rest.npos) name.consumer_creation = rest.substr(colon + 1);
  return name;
}

std::string stream_arn(std::string_view region, std::string_view account, std::string_view name) {
  return fmt::format("arn:aws:kinesis:{}:{}:stream/{}", region, account, name);
}

}  // namespace millstream::kinesis
