#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "services/dynamodb/model/condition.h"
#include "services/dynamodb/model/update.h"

namespace millstream::dynamodb::testing {

inline Value n(int64_t number) {
  return Value::number(Number(number));
}
inline Value s(std::string text) {
  return Value::string(std::move(text));
}

// One request's placeholders.
struct Request {
  AttributeNames names;
  Item values;

  std::string condition(std::string_view text) {
    Substitutions substitutions(&names, &values);
    Result<Condition> parsed = Condition::parse(text, ExpressionKind::kCondition, &substitutions);
    return parsed.ok() ? "ok" : parsed.error().message;
  }
  bool holds(std::string_view text, const Item& item) {
    Substitutions substitutions(&names, &values);
    Result<Condition> parsed = Condition::parse(text, ExpressionKind::kCondition, &substitutions);
    EXPECT_TRUE(parsed.ok()) << text << ": " << parsed.error().message;
    return parsed.ok() && parsed->holds(item);
  }
  std::string update(std::string_view text) {
    Substitutions substitutions(&names, &values);
    Result<Update> parsed = Update::parse(text, &substitutions);
    return parsed.ok() ? "ok" : parsed.error().message;
  }
  Result<Item> apply(std::string_view text, const Item& item) {
    Substitutions substitutions(&names, &values);
    Result<Update> parsed = Update::parse(text, &substitutions);
    if (!parsed) return parsed.take_error();
    return parsed->apply(item);
  }
  std::string failure(std::string_view text, const Item& item) {
    Result<Item> applied = apply(text, item);
    return applied.ok() ? "ok" : applied.error().message;
  }
};

}  // namespace millstream::dynamodb::testing
