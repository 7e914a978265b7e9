#include <gtest/gtest.h>

#include <map>

#include "base/random.h"
#include "services/dynamodb/model/condition.h"
#include "services/dynamodb/model/key_condition.h"
#include "services/dynamodb/model/projection.h"
#include "services/dynamodb/model/update.h"

namespace millstream::dynamodb {
namespace {

Value n(int64_t number) {
  return Value::number(Number(number));
}
Value s(std::string text) {
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

TEST(Update, ReportsErrorsAsTheServiceDoes) {
  Request request{{{"#a", "a"}, {"#b", "a"}},
                  {{":v", n(1)}, {":w", n(2)}, {":s", s("x")}, {":l", Value::list({})}}};
  const std::pair<const char*, const char*> cases[] = {
      {"INVALID SYNTAX HERE", "Syntax error; token: \"INVALID\", near: \"INVALID SYNTAX\""},
      {"SET _123 = :v", "Syntax error; token: \"_\", near: \"SET _123\""},
      {"SET a = :v + :w + :v", "Syntax error; token: \"+\", near: \":w + :v\""},
      {"SET b = if_not_exists(b, :v+:w)", "Syntax error; token: \"+\", near: \":v+:w\""},
      {"ADD a b", "Syntax error; token: \"b\", near: \"a b\""},
      {"SET", "Syntax error; token: \"<EOF>\", near: \"SET\""},
      {"SET a = :v SET b = :w",
       "The \"SET\" section can only be used once in an update expression;"},
      {"SET a = :v REMOVE a",
       "Two document paths overlap with each other; must remove or rewrite one of these paths; "
       "path one: "
       "[a], path two: [a]"},
      {"SET #a = :v, #b = :w",
       "Two document paths overlap with each other; must remove or rewrite one of these paths; "
       "path one: "
       "[a], path two: [a]"},
      {"SET a.b = :v, a[1] = :w",
       "Two document paths conflict with each other; must remove or rewrite one of these paths; "
       "path one: "
       "[a, b], path two: [a, [1]]"},
      {"SET a = :x",
       "An expression attribute value used in expression is not defined; attribute value: :x"},
      {"SET a = f(b)", "Invalid function name; function: f"},
      {"SET a = size(b)", "The function is not allowed in an update expression; function: size"},
      {"SET a = list_append(:l)",
       "Incorrect number of operands for operator or function; operator or function: list_append, "
       "number "
       "of operands: 1"},
      {"SET a = list_append(:l, :s)",
       "Incorrect operand type for operator or function; operator or function: list_append, "
       "operand type: S"},
      {"SET a = :v + :s",
       "Incorrect operand type for operator or function; operator or function: +, operand type: S"},
      {"SET a = if_not_exists(:v, :w)",
       "Operator or function requires a document path; operator or function: if_not_exists"},
      {"ADD a :s",
       "Incorrect operand type for operator or function; operator: ADD, operand type: STRING, "
       "typeSet: "
       "ALLOWED_FOR_ADD_OPERAND"},
      {"DELETE a :v",
       "Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER, "
       "typeSet: "
       "ALLOWED_FOR_DELETE_OPERAND"}};
  for (const auto& [text, message] : cases) {
    EXPECT_EQ(request.update(text), std::string("Invalid UpdateExpression: ") + message) << text;
  }
}

TEST(Update, WritesFromTheItemAsItWas) {
  Request request{
      {}, {{":one", n(1)}, {":l", Value::list({s("z")})}, {":set", Value::string_set({"b", "c"})}}};
  const Item item{{"a", n(5)},
                  {"l", Value::list({n(0), n(1), n(2), n(3)})},
                  {"m", Value::map({{"k", n(7)}, {"l", Value::list({n(1)})}})},
                  {"tags", Value::string_set({"a", "b"})}};
  const auto attribute = [&](std::string_view text, const std::string& name) {
    Result<Item> applied = request.apply(text, item);
    EXPECT_TRUE(applied.ok()) << text << ": " << applied.error().message;
    return applied.ok() && applied->contains(name) ? applied->at(name) : Value::null();
  };
  EXPECT_EQ(attribute("SET b = a REMOVE a", "b"), n(5));
  EXPECT_EQ(attribute("SET a = a - :one, b = a", "b"), n(5));
  EXPECT_EQ(attribute("set a = :one + a", "a"), n(6));
  EXPECT_EQ(attribute("SET b = if_not_exists(b, :one) + :one", "b"), n(2));
  EXPECT_EQ(attribute("SET l = list_append(l, :l)", "l").as_list().size(), 5u);
  EXPECT_EQ(attribute("REMOVE l[1] SET l[3] = :one", "l"), Value::list({n(0), n(2), n(1)}));
  EXPECT_EQ(attribute("SET l[9] = :l, l[7] = :one", "l"),
            Value::list({n(0), n(1), n(2), n(3), n(1), Value::list({s("z")})}));
  EXPECT_EQ(attribute("SET m.k = :one, m.fresh = a", "m"),
            Value::map({{"k", n(1)}, {"fresh", n(5)}, {"l", Value::list({n(1)})}}));
  EXPECT_EQ(attribute("REMOVE m.l[0], m.k", "m"), Value::map({{"l", Value::list({})}}));
  EXPECT_EQ(attribute("ADD tags :set", "tags"), Value::string_set({"a", "b", "c"}));
  EXPECT_EQ(attribute("DELETE tags :set", "tags"), Value::string_set({"a"}));
  EXPECT_EQ(attribute("ADD fresh :one", "fresh"), n(1));
  EXPECT_EQ(attribute("ADD m.k :one", "m").as_map().at("k"), n(8));
  request.values[":set"] = Value::string_set({"a", "b"});
  EXPECT_FALSE(request.apply("DELETE tags :set", item)->contains("tags"));
}

TEST(Update, RefusesWhatTheItemDoesNotAllow) {
  Request request{{},
                  {{":one", n(1)}, {":l", Value::list({})}, {":set", Value::string_set({"b"})}}};
  const Item item{{"a", n(5)}, {"t", s("x")}, {"m", Value::map({})}};
  const std::string path =
      "The document path provided in the update expression is invalid for update";
  const std::string type = "An operand in the update expression has an incorrect data type";
  const std::string missing =
      "The provided expression refers to an attribute that does not exist in the item";
  EXPECT_EQ(request.failure("SET b = absent", item), missing);
  EXPECT_EQ(request.failure("SET b = a + t", item), type);
  EXPECT_EQ(request.failure("SET b = list_append(a, :l)", item), type);
  EXPECT_EQ(request.failure("SET x.y = :one", item), path);
  EXPECT_EQ(request.failure("REMOVE x.y", item), path);
  EXPECT_EQ(request.failure("SET a.y = :one", item), path);
  EXPECT_EQ(request.failure("SET m[0] = :one", item), path);
  EXPECT_EQ(request.failure("REMOVE m.nothing, nothing", item), "ok");
  EXPECT_EQ(request.failure("ADD t :one", item), type);
  EXPECT_EQ(request.failure("DELETE a :set", item), type);
  EXPECT_EQ(request.failure("DELETE nothing :set", item), "ok");
}

TEST(Projection, KeepsOnlyWhatIsNamed) {
  AttributeNames names{{"#l", "l"}};
  Substitutions substitutions(&names, nullptr);
  const Item item{{"a", n(1)},
                  {"l", Value::list({n(0), n(1), Value::map({{"x", n(2)}, {"y", n(3)}})})},
                  {"m", Value::map({{"k", n(4)}, {"o", n(5)}})}};
  const auto paths = parse_projection("m.k, #l[2].y, #l[0], absent, a.b", &substitutions);
  ASSERT_TRUE(paths.ok()) << paths.error().message;
  EXPECT_EQ(Value::map(project(item, *paths)),
            Value::map({{"m", Value::map({{"k", n(4)}})},
                        {"l", Value::list({n(0), Value::map({{"y", n(3)}})})}}));
  EXPECT_EQ(
      parse_projection("a, a.b", &substitutions).error().message,
      "Invalid ProjectionExpression: Two document paths overlap with each other; must remove or "
      "rewrite one of these paths; path one: [a], path two: [a, b]");
}

TEST(Substitutions, ReportWhatIsMalformedOrUnused) {
  AttributeNames names{{"#a", "a"}, {"#b", "b"}};
  Item values{{":v", n(1)}, {":w", n(2)}};
  Substitutions substitutions(&names, &values);
  ASSERT_TRUE(substitutions.check_keys().ok());
  (void)substitutions.name("#a");
  EXPECT_EQ(substitutions.check_all_used().error().message,
            "Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}");
  (void)substitutions.name("#b");
  EXPECT_EQ(substitutions.check_all_used().error().message,
            "Value provided in ExpressionAttributeValues unused in expressions: keys: {:v, :w}");
  const AttributeNames bad{{"s", "a"}};
  EXPECT_EQ(Substitutions(&bad, nullptr).check_keys().error().message,
            "ExpressionAttributeNames contains invalid key: Syntax error; key: \"s\"");
  const Item none;
  EXPECT_EQ(Substitutions(nullptr, &none).check_keys().error().message,
            "ExpressionAttributeValues must not be empty");
}

std::string key_condition(std::string_view text, const Item& values, const KeySchema& schema) {
  Substitutions substitutions(nullptr, &values);
  Result<Condition> parsed = Condition::parse(text, ExpressionKind::kKeyCondition, &substitutions);
  if (!parsed) return parsed.error().message;
  Result<std::vector<KeyTerm>> terms = key_terms(*parsed);
  if (!terms) return terms.error().message;
  Result<KeyCondition> fitted = fit_key_condition(*terms, schema);
  return fitted.ok() ? "ok" : fitted.error().message;
}

TEST(KeyCondition, AcceptsOnlyWhatAKeyCanServe) {
  const Item values{{":p", s("q")}, {":a", n(1)}, {":b", n(5)}, {":t", Value::boolean(true)}};
  const KeySchema schema{{"pk", ValueType::kS}, KeyAttribute{"sk", ValueType::kN}};
  const std::pair<const char*, const char*> cases[] = {
      {"pk = :p", "ok"},
      {"pk = :p AND sk BETWEEN :a AND :b", "ok"},
      {"(pk = :p AND (:a < sk))", "ok"},
      {"sk = :a", "Query condition missed key schema element: pk"},
      {"pk = :p AND extra = :a", "Query condition missed key schema element: sk"},
      {"pk > :p", "Query key condition not supported"},
      {"pk = :p OR sk = :a", "Invalid operator used in KeyConditionExpression: OR"},
      {"pk = :p AND sk <> :a", "Invalid operator used in KeyConditionExpression: <>"},
      {"pk = :p AND begins_with(sk, :p)",
       "One or more parameter values were invalid: Condition parameter type does not match schema "
       "type"},
      {"pk = :p AND sk = :t",
       "One or more parameter values were invalid: Condition parameter type does not match schema "
       "type"},
      {"pk = :p AND sk < :t",
       "Invalid KeyConditionExpression: Incorrect operand type for operator or function; operator "
       "or "
       "function: <, operand type: BOOL"},
      {"pk = :p AND sk > :a AND sk < :b",
       "Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition "
       "per key"},
      {"pk = :p AND sk > :a AND extra = :b",
       "The number of query conditions (3) exceeds the number of key attributes defined in the "
       "schema (2)"},
      {"pk = :p AND sk.x = :a",
       "Invalid KeyConditionExpression: KeyConditionExpressions cannot have conditions on nested "
       "attributes"}};
  for (const auto& [text, message] : cases) {
    EXPECT_EQ(key_condition(text, values, schema), message) << text;
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
