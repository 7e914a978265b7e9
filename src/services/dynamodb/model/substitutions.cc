#include "services/dynamodb/model/substitutions.h"

#include <algorithm>

namespace millstream::dynamodb {
namespace {

constexpr size_t kPlaceholderBytesMax = 255;

Error invalid(std::string message) {
  return {ErrorCode::kInvalidArgument, std::move(message)};
}

bool is_placeholder(std::string_view key, char sign) {
  if (key.size() < 2 || key[0] != sign) return false;
  return std::all_of(key.begin() + 1, key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

template <class Map>
Result<> check_map(const Map* map, const std::string& parameter, char sign) {
  if (map == nullptr) return {};
  if (map->empty()) return invalid(parameter + " must not be empty");
  for (const auto& [key, value] : *map) {
    if (key.size() > kPlaceholderBytesMax) {
      return invalid(
          parameter +
          " contains invalid key: The expression attribute map contains a key that is too "
          "long; size of key: " +
          std::to_string(key.size()));
    }
    if (!is_placeholder(key, sign)) {
      return invalid(parameter + " contains invalid key: Syntax error; key: \"" + key + "\"");
    }
  }
  return {};
}

template <class Map, class Used>
Result<> check_used(const Map* map, const std::string& parameter, const Used& used) {
  if (map == nullptr) return {};
  std::string unused;
  for (const auto& [key, value] : *map) {
    if (!used.contains(key)) unused += (unused.empty() ? "" : ", ") + key;
  }
  if (unused.empty()) return {};
  return invalid("Value provided in " + parameter + " unused in expressions: keys: {" + unused +
                 "}");
}

constexpr const char* kNames = "ExpressionAttributeNames";
constexpr const char* kValues = "ExpressionAttributeValues";

}  // namespace

Result<> Substitutions::check_keys() const {
  Result<> names = check_map(names_, kNames, '#');
  if (!names) return names;
  if (names_ != nullptr) {
    for (const auto& [key, name] : *names_) {
      if (!name.empty()) continue;
      return invalid(std::string(kNames) +
                     " contains invalid value: Empty attribute name for key " + key);
    }
  }
  return check_map(values_, kValues, ':');
}

const std::string* Substitutions::name(std::string_view placeholder) {
  if (names_ == nullptr) return nullptr;
  const auto found = names_->find(std::string(placeholder));
  if (found == names_->end()) return nullptr;
  used_.emplace(placeholder);
  return &found->second;
}

const Value* Substitutions::value(std::string_view placeholder) {
  if (values_ == nullptr) return nullptr;
  const auto found = values_->find(std::string(placeholder));
  if (found == values_->end()) return nullptr;
  used_.emplace(placeholder);
  return &found->second;
}

Result<> Substitutions::check_all_used() const {
  Result<> names = check_used(names_, kNames, used_);
  if (!names) return names;
  return check_used(values_, kValues, used_);
}

}  // namespace millstream::dynamodb
