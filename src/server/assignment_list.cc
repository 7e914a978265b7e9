#include "server/assignment_list.h"

#include <algorithm>
#include <charconv>

namespace millstream::server {
namespace {

Assignment split(std::string_view text) {
  const size_t equals = text.find('=');
  if (equals == text.npos) return {text, text, std::nullopt};
  return {text, text.substr(0, equals), text.substr(equals + 1)};
}

}  // namespace

Result<> read_assignments(std::string_view list,
                          const std::function<Result<>(const Assignment& assignment)>& read) {
  while (!list.empty()) {
    const size_t comma = std::min(list.find(','), list.size());
    Result<> done = read(split(list.substr(0, comma)));
    if (!done) return done;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return {};
}

std::optional<int64_t> whole_number(std::string_view text) {
  int64_t number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = parsed.ec == std::errc() && parsed.ptr == text.data() + text.size();
  if (!whole || number < 0) return std::nullopt;
  return number;
}

}  // namespace millstream::server
