#include "services/dynamodb/model/syntax.h"

#include <charconv>
#include <optional>

#include "services/dynamodb/model/token.h"

namespace millstream::dynamodb {
namespace {

using Kind = Node::Kind;

// A path, a value, or a call, which may also be a condition by itself.
bool is_operand(const Node& node) {
  const Kind kind = inside(node).kind;
  return kind == Kind::kPath || kind == Kind::kValue || kind == Kind::kCall;
}

// Recursive descent over one expression's tokens. Every rule returns nothing once `problem_` is
// set.
class Parser {
 public:
  Parser(std::string_view text, ExpressionKind kind)
      : text_(text), kind_(kind), tokens_(tokenize(text)) {}

  Result<Node> condition() {
    std::optional<Node> root = disjunction(false);
    return finish(std::move(root));
  }
  Result<std::vector<DocumentPath>> projection() {
    std::vector<DocumentPath> paths;
    do {
      auto next = path();
      if (!next) return error();
      paths.push_back(std::move(*next));
    } while (accept(","));
    return finish(std::optional(std::move(paths)));
  }
  Result<UpdateSyntax> update() {
    std::optional<UpdateSyntax> syntax(std::in_place);
    do {
      if (!section(&*syntax)) return error();
    } while (token().kind != TokenKind::kEnd);
    return finish(std::move(syntax));
  }

 private:
  // One more level of recursion for as long as it lives.
  class Level {
   public:
    explicit Level(Parser* parser) : parser_(parser) { ++parser_->depth_; }
    ~Level() { --parser_->depth_; }

   private:
    Parser* parser_;
  };

  const Token& token(size_t ahead = 0) const {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
  }
  bool is(std::string_view punctuation) const {
    return token().kind == TokenKind::kPunctuation && token().text == punctuation;
  }
  bool accept(std::string_view punctuation) {
    if (!is(punctuation)) return false;
    ++at_;
    return true;
  }
  bool accept_keyword(std::string_view keyword) {
    if (!is_keyword(token(), keyword)) return false;
    ++at_;
    return true;
  }

  Error error() const { return expression_error(kind_, problem_); }
  template <class T>
  Result<T> finish(std::optional<T> result) {
    if (result && token().kind != TokenKind::kEnd) fail();
    if (problem_.empty() && operators_ > kOperatorsMax) too_many_operators();
    if (!problem_.empty()) return error();
    return std::move(*result);
  }
  // The token that no rule accepts, and the text from the token before it to the one behind it.
  std::nullopt_t fail() {
    const size_t from = at_ > 0 ? tokens_[at_ - 1].start : 0;
    const size_t to = at_ + 1 < tokens_.size() ? tokens_[at_ + 1].end : token().end;
    return refuse("Syntax error; token: \"" + std::string(token().text) + "\", near: \"" +
                  std::string(text_.substr(from, to - from)) + "\"");
  }
  std::nullopt_t too_many_operators() {
    return refuse("The expression contains too many operators; operator count: " +
                  std::to_string(operators_));
  }
  std::nullopt_t refuse(std::string problem) {
    if (problem_.empty()) problem_ = std::move(problem);
    return std::nullopt;
  }
  // What is nested deeper has either too many operators or parentheses around parentheses.
  bool too_deep() {
    if (depth_ <= kOperatorsMax) return false;
    if (2 * operators_ >= depth_) {
      too_many_operators();
    } else {
      refuse("The expression has redundant parentheses;");
    }
    return true;
  }

  // `bare` allows an operand that is no condition, for the inside of parentheses.
  std::optional<Node> disjunction(bool bare) { return chain(Kind::kOr, "OR", bare); }
  std::optional<Node> conjunction(bool bare) { return chain(Kind::kAnd, "AND", bare); }
  std::optional<Node> chain(Kind kind, std::string_view keyword, bool bare) {
    auto next = [&](bool allow) {
      return kind == Kind::kOr ? conjunction(allow) : negation(allow);
    };
    std::optional<Node> first = next(bare);
    if (!first || !is_keyword(token(), keyword)) return first;
    if (is_operand(*first) && inside(*first).kind != Kind::kCall) return fail();
    Node node{.kind = kind, .text = std::string(keyword)};
    node.children.push_back(std::move(*first));
    while (accept_keyword(keyword)) {
      ++operators_;
      std::optional<Node> operand = next(false);
      if (!operand) return std::nullopt;
      node.children.push_back(std::move(*operand));
    }
    return node;
  }
  std::optional<Node> negation(bool bare) {
    if (!is_keyword(token(), "NOT")) return comparison(bare);
    Level level(this);
    if (too_deep()) return std::nullopt;
    ++at_;
    ++operators_;
    std::optional<Node> operand = negation(false);
    if (!operand) return std::nullopt;
    Node node{.kind = Kind::kNot, .text = "NOT"};
    node.children.push_back(std::move(*operand));
    return node;
  }
  std::optional<Node> comparison(bool bare) {
    std::optional<Node> left = is("(") ? parentheses(true) : operand();
    if (!left || !is_operand(*left)) return left;
    if (token().kind == TokenKind::kComparator) {
      Node node{.kind = Kind::kCompare, .text = std::string(token().text)};
      ++at_;
      return operator_node(std::move(node), std::move(*left), 1);
    }
    if (accept_keyword("BETWEEN")) {
      return operator_node({.kind = Kind::kBetween, .text = "BETWEEN"}, std::move(*left), 2);
    }
    if (accept_keyword("IN")) return membership(std::move(*left));
    if (bare || inside(*left).kind == Kind::kCall) return left;
    return fail();
  }
  // The operands behind an operator, AND between them.
  std::optional<Node> operator_node(Node node, Node left, int count) {
    ++operators_;
    node.children.push_back(std::move(left));
    for (int i = 0; i < count; ++i) {
      if (i > 0 && !accept_keyword("AND")) return fail();
      std::optional<Node> right = operand();
      if (!right) return std::nullopt;
      node.children.push_back(std::move(*right));
    }
    return node;
  }
  std::optional<Node> membership(Node left) {
    ++operators_;
    if (!accept("(")) return fail();
    Node node{.kind = Kind::kIn, .text = "IN"};
    node.children.push_back(std::move(left));
    return operand_list(std::move(node));
  }
  std::optional<Node> operand_list(Node node) {
    do {
      std::optional<Node> next = operand();
      if (!next) return std::nullopt;
      node.children.push_back(std::move(*next));
    } while (accept(","));
    if (!accept(")")) return fail();
    return node;
  }
  std::optional<Node> operand() {
    if (is("(")) return parentheses(false);
    if (token().kind == TokenKind::kValuePlaceholder) {
      return Node{.kind = Kind::kValue, .text = std::string(tokens_[at_++].text)};
    }
    if (token().kind == TokenKind::kName && token(1).text == "(") return call();
    auto steps = path();
    if (!steps) return std::nullopt;
    return Node{.kind = Kind::kPath, .path = std::move(*steps)};
  }
  std::optional<Node> call() {
    Level level(this);
    if (too_deep()) return std::nullopt;
    ++operators_;
    Node node{.kind = Kind::kCall, .text = std::string(token().text)};
    at_ += 2;
    return operand_list(std::move(node));
  }
  std::optional<Node> parentheses(bool condition_allowed) {
    Level level(this);
    if (too_deep()) return std::nullopt;
    ++at_;
    std::optional<Node> inner = condition_allowed ? disjunction(true) : operand();
    if (!inner) return std::nullopt;
    if (!accept(")")) return fail();
    if (inner->kind == Kind::kParentheses) {
      return refuse("The expression has redundant parentheses;");
    }
    Node node{.kind = Kind::kParentheses};
    node.children.push_back(std::move(*inner));
    return node;
  }

  std::optional<DocumentPath> path() {
    DocumentPath steps;
    if (!name_step(&steps)) return std::nullopt;
    while (true) {
      if (accept(".")) {
        if (!name_step(&steps)) return std::nullopt;
      } else if (accept("[")) {
        if (!index_step(&steps)) return std::nullopt;
      } else {
        return steps;
      }
    }
  }
  bool name_step(DocumentPath* steps) {
    const TokenKind kind = token().kind;
    if (kind != TokenKind::kName && kind != TokenKind::kNamePlaceholder) {
      fail();
      return false;
    }
    steps->push_back({.name = std::string(tokens_[at_++].text),
                      .placeholder = kind == TokenKind::kNamePlaceholder});
    return true;
  }
  bool index_step(DocumentPath* steps) {
    if (token().kind != TokenKind::kInteger) {
      fail();
      return false;
    }
    const std::string_view digits = tokens_[at_++].text;
    int32_t index = 0;
    const auto [end, problem] =
        std::from_chars(digits.data(), digits.data() + digits.size(), index);
    if (!accept("]")) {
      fail();
      return false;
    }
    // Kept as text, for check.h to refuse in AWS's order.
    PathStep step{.index = problem == std::errc() ? index : PathStep::kIndexOutOfRange};
    if (problem != std::errc()) step.name = digits;
    steps->push_back(std::move(step));
    return true;
  }

  bool section(UpdateSyntax* syntax) {
    const Token keyword = token();
    for (auto kind : {UpdateAction::Kind::kSet, UpdateAction::Kind::kRemove,
                      UpdateAction::Kind::kAdd, UpdateAction::Kind::kDelete}) {
      if (!is_keyword(keyword, action_name(kind))) continue;
      ++at_;
      syntax->sections.push_back(kind);
      do {
        if (!action(kind, syntax)) return false;
      } while (accept(","));
      return true;
    }
    fail();
    return false;
  }
  bool action(UpdateAction::Kind kind, UpdateSyntax* syntax) {
    auto steps = path();
    if (!steps) return false;
    UpdateAction result{
        .kind = kind, .path = std::move(*steps), .section = syntax->sections.size() - 1};
    std::optional<Node> value;
    if (kind == UpdateAction::Kind::kSet) {
      value = assignment();
      if (!value) return false;
    } else if (kind != UpdateAction::Kind::kRemove) {
      if (token().kind != TokenKind::kValuePlaceholder) {
        fail();
        return false;
      }
      value = operand();
    }
    if (value) result.operand.push_back(std::move(*value));
    syntax->actions.push_back(std::move(result));
    return true;
  }
  std::optional<Node> assignment() {
    if (token().kind != TokenKind::kComparator || token().text != "=") return fail();
    ++at_;
    std::optional<Node> left = operand();
    if (!left || (!is("+") && !is("-"))) return left;
    Node node{.kind = Kind::kArithmetic, .text = std::string(tokens_[at_++].text)};
    return operator_node(std::move(node), std::move(*left), 1);
  }

  std::string_view text_;
  ExpressionKind kind_;
  std::vector<Token> tokens_;
  size_t at_ = 0;
  int operators_ = 0;
  int depth_ = 0;
  std::string problem_;
};

Result<> check_size(std::string_view text, ExpressionKind kind) {
  if (text.empty()) return expression_error(kind, "The expression can not be empty;");
  if (text.size() <= kExpressionBytesMax) return {};
  return expression_error(
      kind, "Expression size has exceeded the maximum allowed size; expression size: " +
                std::to_string(text.size()));
}

}  // namespace

const Node& inside(const Node& node) {
  const Node* at = &node;
  while (at->kind == Kind::kParentheses) at = &at->children.front();
  return *at;
}

std::string_view action_name(UpdateAction::Kind kind) {
  constexpr std::string_view kNames[] = {"SET", "REMOVE", "ADD", "DELETE"};
  return kNames[static_cast<size_t>(kind)];
}

std::string_view expression_name(ExpressionKind kind) {
  constexpr std::string_view kNames[] = {"ConditionExpression", "FilterExpression",
                                         "KeyConditionExpression", "ProjectionExpression",
                                         "UpdateExpression"};
  return kNames[static_cast<size_t>(kind)];
}

Error expression_error(ExpressionKind kind, std::string_view message) {
  return {ErrorCode::kInvalidArgument,
          "Invalid " + std::string(expression_name(kind)) + ": " + std::string(message)};
}

Result<Node> parse_condition_syntax(std::string_view text, ExpressionKind kind) {
  Result<> size = check_size(text, kind);
  if (!size) return size.take_error();
  return Parser(text, kind).condition();
}

Result<std::vector<DocumentPath>> parse_projection_syntax(std::string_view text) {
  Result<> size = check_size(text, ExpressionKind::kProjection);
  if (!size) return size.take_error();
  return Parser(text, ExpressionKind::kProjection).projection();
}

Result<UpdateSyntax> parse_update_syntax(std::string_view text) {
  Result<> size = check_size(text, ExpressionKind::kUpdate);
  if (!size) return size.take_error();
  return Parser(text, ExpressionKind::kUpdate).update();
}

}  // namespace millstream::dynamodb
