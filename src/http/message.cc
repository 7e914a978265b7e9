#include "http/message.h"

#include "http/same_text.h"

namespace millstream::http {
namespace {

// What an SDK's request needs, with room to spare.
constexpr size_t kUsualFields = 16;
constexpr size_t kUsualBytes = 1024;

}  // namespace

void Headers::add(std::string_view name, std::string_view value) {
  if (places_.empty()) {
    places_.reserve(kUsualFields);
    text_.reserve(kUsualBytes);
  }
  const auto start = static_cast<uint32_t>(text_.size());
  const auto name_bytes = static_cast<uint32_t>(name.size());
  places_.push_back({start, name_bytes, start + name_bytes, static_cast<uint32_t>(value.size())});
  text_.append(name).append(value);
}

void Headers::assign(std::string_view text, std::span<const Place> places) {
  text_.assign(text);
  places_.assign(places.begin(), places.end());
}

void Headers::clear() {
  if (text_.capacity() > 2 * kUsualBytes) text_ = std::string();
  if (places_.capacity() > 2 * kUsualFields) places_ = std::vector<Place>();
  text_.clear();
  places_.clear();
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  for (const Place& place : places_) {
    if (same_text({text_.data() + place.name_start, place.name_bytes}, name)) {
      return std::string_view(text_.data() + place.value_start, place.value_bytes);
    }
  }
  return std::nullopt;
}

}  // namespace millstream::http
