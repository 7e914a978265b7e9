#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "aws/error.h"

namespace millstream::logs {

// A filter pattern in braces: `{ $.status >= 500 && ($.path = "/api/*" || $.user NOT EXISTS) }`.
// Compares one property of a message that is a JSON object or array: =, !=, <, <=, >, >= with
// numbers, = and != with strings (a * stands for anything), IS NULL, IS TRUE, IS FALSE, EXISTS, NOT
// EXISTS; && binds closer than ||. Immutable after it was made; thread-safe.
class JsonPattern {
 public:
  // `text` begins with '{'. Fails with InvalidParameterException.
  static aws::Result<JsonPattern> parse(std::string_view text);

  // False for a message that isn't JSON.
  [[nodiscard]] bool matches(std::string_view message) const;

  enum class Test {
    kEqual,
    kNotEqual,
    kLess,
    kLessOrEqual,
    kGreater,
    kGreaterOrEqual,
    kIsNull,
    kIsTrue,
    kIsFalse,
    kExists,
    kNotExists
  };
  using Step = std::variant<std::string, size_t>;  // .name or [index]
  struct Comparison {
    std::vector<Step> path;
    Test test = Test::kExists;
    std::variant<std::monostate, double, std::string> operand;
  };
  // A node of the condition; children and comparisons are named by their place in the vectors.
  struct Node {
    enum class Kind { kComparison, kAnd, kOr } kind = Kind::kComparison;
    size_t left = 0;  // the comparison's place, if it is one
    size_t right = 0;
  };

 private:
  friend class JsonPatternParser;

  std::vector<Comparison> comparisons_;
  std::vector<Node> nodes_;  // children before parents: the last is the root
};

}  // namespace millstream::logs
