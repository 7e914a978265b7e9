#include <algorithm>
#include <cctype>
#include <charconv>

#include "services/logs/api.gen.h"
#include "services/logs/json_pattern.h"

namespace millstream::logs {
namespace {

constexpr size_t kDepthMax = 32;

}  // namespace

// Reads, by recursive descent of bounded depth:
//   pattern    = "{" any "}"
//   any        = all *("||" all)
//   all        = primary *("&&" primary)
//   primary    = "(" any ")" / selector test
class JsonPatternParser {
 public:
  explicit JsonPatternParser(std::string_view text) : rest_(text) {}

  aws::Result<JsonPattern> parse() {
    size_t root = 0;
    const bool good = take("{") && any(&root, 0) && take("}") && (skip_spaces(), rest_.empty());
    if (!good) return errors::invalid_parameter_exception("Invalid filter pattern");
    return std::move(pattern_);
  }

 private:
  using Test = JsonPattern::Test;

  void skip_spaces() {
    while (!rest_.empty() && std::isspace(static_cast<unsigned char>(rest_.front()))) {
      rest_.remove_prefix(1);
    }
  }

  bool take(std::string_view token) {
    skip_spaces();
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }

  // A keyword in either case that isn't the beginning of a longer word.
  bool take_word(std::string_view word) {
    skip_spaces();
    if (rest_.size() < word.size()) return false;
    for (size_t i = 0; i < word.size(); ++i) {
      if (std::toupper(static_cast<unsigned char>(rest_[i])) != word[i]) return false;
    }
    if (rest_.size() > word.size() && is_name(rest_[word.size()])) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  static bool is_name(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-';
  }

  size_t add(JsonPattern::Node node) {
    pattern_.nodes_.push_back(node);
    return pattern_.nodes_.size() - 1;
  }

  bool any(size_t* node, size_t depth) {
    if (depth > kDepthMax || !all(node, depth)) return false;
    while (take("||")) {
      size_t right = 0;
      if (!all(&right, depth)) return false;
      *node = add({JsonPattern::Node::Kind::kOr, *node, right});
    }
    return true;
  }

  bool all(size_t* node, size_t depth) {
    if (!primary(node, depth)) return false;
    while (take("&&")) {
      size_t right = 0;
      if (!primary(&right, depth)) return false;
      *node = add({JsonPattern::Node::Kind::kAnd, *node, right});
    }
    return true;
  }

  bool primary(size_t* node, size_t depth) {
    if (take("(")) return any(node, depth + 1) && take(")");
    JsonPattern::Comparison comparison;
    if (!selector(&comparison.path) || !test(&comparison)) return false;
    pattern_.comparisons_.push_back(std::move(comparison));
    *node = add({JsonPattern::Node::Kind::kComparison, pattern_.comparisons_.size() - 1, 0});
    return true;
  }

  bool selector(std::vector<JsonPattern::Step>* path) {
    if (!take("$")) return false;
    while (!rest_.empty()) {
      if (rest_.front() == '.') {
        rest_.remove_prefix(1);
        if (!member(path)) return false;
      } else if (rest_.front() == '[') {
        rest_.remove_prefix(1);
        if (!element(path)) return false;
      } else {
        break;
      }
    }
    return !path->empty();
  }

  bool member(std::vector<JsonPattern::Step>* path) {
    size_t size = 0;
    while (size < rest_.size() && is_name(rest_[size])) ++size;
    if (size == 0) return false;
    path->emplace_back(std::string(rest_.substr(0, size)));
    rest_.remove_prefix(size);
    return true;
  }

  bool element(std::vector<JsonPattern::Step>* path) {
    if (rest_.starts_with('"') || rest_.starts_with('\'')) {
      const size_t end = rest_.find(rest_.front(), 1);
      if (end == rest_.npos) return false;
      path->emplace_back(std::string(rest_.substr(1, end - 1)));
      rest_.remove_prefix(end + 1);
    } else {
      size_t index = 0;
      const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), index);
      if (error != std::errc()) return false;
      path->emplace_back(index);
      rest_.remove_prefix(static_cast<size_t>(end - rest_.data()));
    }
    return take("]");
  }

  bool test(JsonPattern::Comparison* comparison) {
    static constexpr struct {
      std::string_view token;
      Test test;
    } kOperators[] = {
        {"!=", Test::kNotEqual}, {"<=", Test::kLessOrEqual}, {">=", Test::kGreaterOrEqual},
        {"=", Test::kEqual},     {"<", Test::kLess},         {">", Test::kGreater}};
    for (const auto& [token, test] : kOperators) {
      if (!take(token)) continue;
      comparison->test = test;
      return operand(comparison);
    }
    return word_test(&comparison->test);
  }

  bool word_test(Test* test) {
    if (take_word("EXISTS")) {
      *test = Test::kExists;
      return true;
    }
    if (take_word("NOT")) {
      *test = Test::kNotExists;
      return take_word("EXISTS");
    }
    if (!take_word("IS")) return false;
    if (take_word("NULL")) {
      *test = Test::kIsNull;
    } else if (take_word("TRUE")) {
      *test = Test::kIsTrue;
    } else {
      *test = Test::kIsFalse;
      return take_word("FALSE");
    }
    return true;
  }

  bool operand(JsonPattern::Comparison* comparison) {
    skip_spaces();
    const bool equality = comparison->test == Test::kEqual || comparison->test == Test::kNotEqual;
    if (rest_.starts_with('"')) {
      const size_t end = rest_.find('"', 1);
      if (end == rest_.npos || !equality) return false;
      comparison->operand = std::string(rest_.substr(1, end - 1));
      rest_.remove_prefix(end + 1);
      return true;
    }
    const size_t size = std::min(rest_.find_first_of(" \t\r\n)}&|"), rest_.size());
    const std::string_view word = rest_.substr(0, size);
    if (word.empty()) return false;
    rest_.remove_prefix(size);
    double number = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (error == std::errc() && end == word.data() + word.size()) {
      comparison->operand = number;
      return true;
    }
    comparison->operand = std::string(word);
    return equality && word.find_first_of("\"%") == word.npos;
  }

  std::string_view rest_;
  JsonPattern pattern_;
};

aws::Result<JsonPattern> JsonPattern::parse(std::string_view text) {
  if (!text.ends_with('}')) {
    return errors::invalid_parameter_exception(
        "If a filter pattern starts with '{' it must end with '}'");
  }
  return JsonPatternParser(text).parse();
}

}  // namespace millstream::logs
