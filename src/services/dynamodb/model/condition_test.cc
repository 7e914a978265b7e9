#include "services/dynamodb/model/condition.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "services/dynamodb/model/projection.h"
#include "services/dynamodb/model/testing/expression_request.h"

namespace millstream::dynamodb {
namespace {

using testing::n;
using testing::Request;
using testing::s;

TEST(Condition, ReportsSyntaxErrorsAsTheServiceDoes) {
  Request request{{{"#a", "a"}}, {{":v", n(1)}, {":w", n(2)}}};
  const std::pair<const char*, const char*> cases[] = {
      {"", "The expression can not be empty;"},
      {"a = :v :w", "Syntax error; token: \":w\", near: \":v :w\""},
      {"a ==", "Syntax error; token: \"=\", near: \"==\""},
      {"a", "Syntax error; token: \"<EOF>\", near: \"a\""},
      {"_a = :v", "Syntax error; token: \"_\", near: \"_a\""},
      {"a = :v AND", "Syntax error; token: \"<EOF>\", near: \"AND\""},
      {"(a = :v", "Syntax error; token: \"<EOF>\", near: \":v\""},
      {"a.:v = :v", "Syntax error; token: \":v\", near: \".:v =\""},
      {"a[:v] = :v", "Syntax error; token: \":v\", near: \"[:v]\""},
      {"(a AND b) = :v", "Syntax error; token: \"AND\", near: \"a AND b\""},
      {"a IN :v", "Syntax error; token: \":v\", near: \"IN :v\""},
      {"a = é", "Syntax error; token: \"é\", near: \"= é\""},
      {"((a = :v))", "The expression has redundant parentheses;"},
      {"((a)) = :v", "The expression has redundant parentheses;"}};
  for (const auto& [text, message] : cases) {
    EXPECT_EQ(request.condition(text), std::string("Invalid ConditionExpression: ") + message)
        << text;
  }
}

TEST(Condition, ReportsMeaninglessExpressionsAsTheServiceDoes) {
  Request request{{{"#a", "data"}},
                  {{":v", n(1)},
                   {":w", n(2)},
                   {":s", s("x")},
                   {":b", Value::boolean(true)},
                   {":l", Value::list({})}}};
  const std::pair<const char*, const char*> cases[] = {
      {"size = :v", "Attribute name is a reserved keyword; reserved keyword: size"},
      {"f(a) = :v", "Invalid function name; function: f"},
      {"if_not_exists(a, :v) = :v",
       "The function is not allowed in a condition expression; function: if_not_exists"},
      {"size(a)",
       "The function is not allowed to be used this way in an expression; function: size"},
      {"contains(a, :v) = :v",
       "The function is not allowed to be used this way in an expression; function: contains"},
      {"begins_with(a)",
       "Incorrect number of operands for operator or function; operator or function: begins_with, "
       "number of operands: 1"},
      {"#x = :v",
       "An expression attribute name used in the document path is not defined; attribute name: #x"},
      {"a = :x",
       "An expression attribute value used in expression is not defined; attribute value: :x"},
      {"contains(#a, #a)",
       "The first operand must be distinct from the remaining operands for this operator or "
       "function; "
       "operator: contains, first operand: [data]"},
      {"attribute_exists(:v)",
       "Operator or function requires a document path; operator or function: attribute_exists"},
      {"begins_with(a, :v)",
       "Incorrect operand type for operator or function; operator or function: begins_with, "
       "operand "
       "type: N"},
      {"a < :b",
       "Incorrect operand type for operator or function; operator or function: <, operand type: "
       "BOOL"},
      {"attribute_type(a, :v)",
       "Incorrect operand type for operator or function; operator or function: attribute_type, "
       "operand "
       "type: N"},
      {"attribute_type(a, :s)",
       "Invalid attribute type name found; type: x, valid types: {N,BS,L,B,NULL,M,S,SS,NS,BOOL}"},
      {"a BETWEEN :w AND :v",
       "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; "
       "lower "
       "bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}"},
      {"a BETWEEN :v AND :s",
       "The BETWEEN operator requires same data type for lower and upper bounds; lower bound "
       "operand: "
       "AttributeValue: {N:1}, upper bound operand: AttributeValue: {S:x}"},
      {"a[4294967295] = :v", "List index is not within the allowable range; index: [4294967295]"}};
  for (const auto& [text, message] : cases) {
    EXPECT_EQ(request.condition(text), std::string("Invalid ConditionExpression: ") + message)
        << text;
  }
}

TEST(Condition, HoldsTheLimits) {
  Request request{{}, {{":v", n(1)}}};
  const auto chain = [](int count) {
    std::string text = "a=:v";
    for (int i = 1; i < count; ++i) text += " OR a=:v";
    return text;
  };
  EXPECT_EQ(request.condition(chain(150)), "ok");
  EXPECT_EQ(request.condition(chain(151)),
            "Invalid ConditionExpression: The expression contains too many operators; operator "
            "count: 301");
  std::string in = "a IN (:v";
  for (int i = 1; i < 100; ++i) in += ",:v";
  EXPECT_EQ(request.condition(in + ")"), "ok");
  EXPECT_EQ(
      request.condition(in + ",:v)"),
      "Invalid ConditionExpression: The IN operator is provided with too many operands; number of "
      "operands: 101");
  EXPECT_EQ(request.condition(std::string(4097, 'a')),
            "Invalid ConditionExpression: Expression size has exceeded the maximum allowed size; "
            "expression size: 4097");
  const auto path = [](int steps) {
    std::string text = "a";
    for (int i = 1; i < steps; ++i) text += ".b";
    return text + " = :v";
  };
  EXPECT_EQ(request.condition(path(32)), "ok");
  EXPECT_EQ(request.condition(path(33)),
            "Invalid ConditionExpression: The document path has too many nesting levels; nesting "
            "levels: 33");
  // However deep the text goes, the parser doesn't.
  EXPECT_NE(request.condition(std::string(4000, '(')), "ok");
  std::string nots;
  for (int i = 0; i < 1000; ++i) nots += "NOT ";
  EXPECT_NE(request.condition(nots + "a=:v"), "ok");
}

TEST(Condition, ComparesByTypeAndValue) {
  Request request{{{"#m", "m"}, {"#n", "tags"}},
                  {{":one", n(1)},
                   {":two", n(2)},
                   {":s", s("b")},
                   {":set", Value::string_set({"x", "y"})},
                   {":x", s("x")},
                   {":S", s("S")}}};
  const Item item{{"a", n(1)},
                  {"t", s("abc")},
                  {"tags", Value::string_set({"y", "x"})},
                  {"l", Value::list({n(1), s("x")})},
                  {"m", Value::map({{"k", Value::list({n(2)})}})}};
  for (const char* text : {"a = :one",
                           "a <> :two",
                           "a < :two",
                           "a <= :one",
                           "a >= :one",
                           ":two > a",
                           "a <> :s",
                           "absent <> :one",
                           "NOT a = :two",
                           "a BETWEEN :one AND :two",
                           "a IN (:two, :one)",
                           "#m.k[0] = :two",
                           "attribute_exists(m.k[0])",
                           "attribute_not_exists(m.k[1])",
                           "attribute_type(t, :S)",
                           "begins_with(t, :s) OR contains(t, :s)",
                           "contains(#n, :x)",
                           "contains(l, :one)",
                           "tags = :set",
                           "size(t) > :two",
                           "size(l) = :two",
                           "(a) = (:one)",
                           "(a = :one OR a = :two) AND (NOT (t = :s))"}) {
    EXPECT_TRUE(request.holds(text, item)) << text;
  }
  for (const char* text :
       {"a = :s", "absent = :one", "absent < :one", "t < :one", "a > :one", "contains(t, :one)",
        "size(a) > :one", "a IN (:s)", "NOT absent <> :one"}) {
    EXPECT_FALSE(request.holds(text, item)) << text;
  }
}

// Whatever the words, parsing ends in a tree or in a message, and a tree can be run.
TEST(Expressions, SurviveRandomText) {
  const uint64_t seed = 99;
  SCOPED_TRACE(seed);
  SeededRandom random(seed);
  const char* words[] = {"a",
                         "#a",
                         ":v",
                         ":l",
                         "(",
                         ")",
                         "[",
                         "0",
                         "]",
                         ".",
                         ",",
                         "=",
                         "<>",
                         "<",
                         "AND",
                         "OR",
                         "NOT",
                         "IN",
                         "BETWEEN",
                         "SET",
                         "ADD",
                         "REMOVE",
                         "DELETE",
                         "size(",
                         "contains(",
                         "+",
                         "-",
                         "if_not_exists(",
                         "list_append(",
                         "attribute_exists(",
                         "\x80",
                         "é",
                         "9999999999",
                         "b.c"};
  Request request{{{"#a", "x"}}, {{":v", n(1)}, {":l", Value::list({n(1)})}}};
  const Item item{{"a", Value::list({n(1)})}, {"x", n(2)}, {"b", Value::map({{"c", n(3)}})}};
  for (int i = 0; i < 60'000; ++i) {
    std::string text = i % 2 ? "SET a=" : "";
    for (uint64_t count = random.next_u64() % 12; count > 0; --count) {
      text += words[random.next_u64() % std::size(words)];
      if (random.next_u64() % 2) text += ' ';
    }
    Substitutions substitutions(&request.names, &request.values);
    auto condition = Condition::parse(text, ExpressionKind::kFilter, &substitutions);
    if (condition) (void)condition->holds(item);
    auto update = Update::parse(text, &substitutions);
    if (update) (void)update->apply(item);
    auto projection = parse_projection(text, &substitutions);
    if (projection) (void)project(item, *projection);
  }
}

}  // namespace
}  // namespace millstream::dynamodb
