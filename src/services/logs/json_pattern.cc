#include "services/logs/json_pattern.h"

#include <nlohmann/json.hpp>

#include "services/logs/wildcard.h"

namespace millstream::logs {
namespace {

using nlohmann::json;

const json* find(const json& document, const std::vector<JsonPattern::Step>& path) {
  const json* at = &document;
  for (const auto& step : path) {
    if (const auto* name = std::get_if<std::string>(&step)) {
      if (!at->is_object()) return nullptr;
      const auto member = at->find(*name);
      if (member == at->end()) return nullptr;
      at = &*member;
    } else {
      const size_t index = std::get<size_t>(step);
      if (!at->is_array() || index >= at->size()) return nullptr;
      at = &(*at)[index];
    }
  }
  return at;
}

bool compare_numbers(JsonPattern::Test test, double left, double right) {
  switch (test) {
    case JsonPattern::Test::kEqual:
      return left == right;
    case JsonPattern::Test::kNotEqual:
      return left != right;
    case JsonPattern::Test::kLess:
      return left < right;
    case JsonPattern::Test::kLessOrEqual:
      return left <= right;
    case JsonPattern::Test::kGreater:
      return left > right;
    case JsonPattern::Test::kGreaterOrEqual:
      return left >= right;
    default:
      return false;
  }
}

bool compare(const JsonPattern::Comparison& comparison, const json& value) {
  if (const auto* number = std::get_if<double>(&comparison.operand)) {
    return value.is_number() && compare_numbers(comparison.test, value.get<double>(), *number);
  }
  const auto& pattern = std::get<std::string>(comparison.operand);
  std::string text;
  if (value.is_string()) {
    text = value.get<std::string>();
  } else if (value.is_number() || value.is_boolean()) {
    text = value.dump();
  } else {
    return false;
  }
  return wildcard_matches(pattern, text) == (comparison.test == JsonPattern::Test::kEqual);
}

bool holds(const JsonPattern::Comparison& comparison, const json& document) {
  const json* value = find(document, comparison.path);
  switch (comparison.test) {
    case JsonPattern::Test::kExists:
      return value != nullptr;
    case JsonPattern::Test::kNotExists:
      return value == nullptr;
    case JsonPattern::Test::kIsNull:
      return value && value->is_null();
    case JsonPattern::Test::kIsTrue:
      return value && *value == true;
    case JsonPattern::Test::kIsFalse:
      return value && *value == false;
    default:
      return value && compare(comparison, *value);
  }
}

}  // namespace

bool JsonPattern::matches(std::string_view message) const {
  const json document = json::parse(message, nullptr, false);
  if (!document.is_object() && !document.is_array()) return false;
  std::vector<bool> values;
  values.reserve(nodes_.size());
  for (const Node& node : nodes_) {
    switch (node.kind) {
      case Node::Kind::kComparison:
        values.push_back(holds(comparisons_[node.left], document));
        break;
      case Node::Kind::kAnd:
        values.push_back(values[node.left] && values[node.right]);
        break;
      case Node::Kind::kOr:
        values.push_back(values[node.left] || values[node.right]);
        break;
    }
  }
  return values.back();
}

}  // namespace millstream::logs
