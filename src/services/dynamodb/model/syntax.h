#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "services/dynamodb/model/document_path.h"
#include "services/dynamodb/model/value.h"

namespace millstream::dynamodb {

// Every expression of the language becomes a tree of these: read by the parser (parser.h), resolved
// and judged by check.h, run by condition.h and update.h. Legacy parameters are turned into the
// same trees without a parser.
struct Node {
  enum class Kind {
    kPath,
    kValue,        // a :placeholder, or a constant
    kCall,         // text(children...)
    kParentheses,  // one child
    kCompare,      // children[0] text children[1]
    kBetween,      // children[0] BETWEEN children[1] AND children[2]
    kIn,           // children[0] IN (children[1], ...)
    kAnd,          // of all children
    kOr,           // of any child
    kNot,
    kArithmetic,  // children[0] text children[1]
  };
  Kind kind;
  std::string text;              // operator, function or placeholder
  DocumentPath path;             // kPath
  const Value* value = nullptr;  // kValue once resolved; owned by the request
  std::vector<Node> children;
};

// The node without parentheses around it.
const Node& inside(const Node& node);

struct UpdateAction {
  enum class Kind { kSet, kRemove, kAdd, kDelete };
  Kind kind;
  DocumentPath path;
  std::vector<Node> operand;  // one node; none for REMOVE
  size_t section;             // which of the expression's sections it stands in
};
std::string_view action_name(UpdateAction::Kind kind);

struct UpdateSyntax {
  std::vector<UpdateAction> actions;
  std::vector<UpdateAction::Kind> sections;
};

enum class ExpressionKind { kCondition, kFilter, kKeyCondition, kProjection, kUpdate };
// "ConditionExpression" and so on.
std::string_view expression_name(ExpressionKind kind);
// kInvalidArgument: "Invalid ConditionExpression: " + message.
Error expression_error(ExpressionKind kind, std::string_view message);

// Limits of https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
inline constexpr size_t kExpressionBytesMax = 4096;
inline constexpr int kOperatorsMax = 300;  // operators and functions
inline constexpr size_t kInOperandsMax = 100;

// Read an expression's grammar. On failure the error is AWS's, beginning with the expression's
// name; the strings in the result are copies. Recursion is bounded by kOperatorsMax and by the rule
// that no two parentheses stand straight around the same thing.
Result<Node> parse_condition_syntax(std::string_view text, ExpressionKind kind);
Result<std::vector<DocumentPath>> parse_projection_syntax(std::string_view text);
Result<UpdateSyntax> parse_update_syntax(std::string_view text);

}  // namespace millstream::dynamodb
