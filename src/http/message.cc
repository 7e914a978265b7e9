#include "http/message.h"

#include <strings.h>

namespace millstream::http {
namespace {

// What an SDK's request needs, with room to spare.
constexpr size_t kUsualFields = 16;
constexpr size_t kUsualBytes = 1024;

}  // namespace

void Headers::add(std::string_view name, std::string_view value) {
  if (fields_.empty()) {
    fields_.reserve(kUsualFields);
    text_.reserve(kUsualBytes);
  }
  fields_.push_back({static_cast<uint32_t>(text_.size()), static_cast<uint32_t>(name.size()),
                     static_cast<uint32_t>(value.size())});
  text_.append(name).append(value);
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  for (const Field& field : fields_) {
    const char* own = text_.data() + field.start;
    if (field.name_bytes == name.size() && strncasecmp(own, name.data(), name.size()) == 0) {
      return std::string_view(own + field.name_bytes, field.value_bytes);
    }
  }
  return std::nullopt;
}

}  // namespace millstream::http
