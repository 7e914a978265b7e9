#include "services/dynamodb/model/update.h"

#include <gtest/gtest.h>

#include "services/dynamodb/model/key_condition.h"
#include "services/dynamodb/model/projection.h"
#include "services/dynamodb/model/testing/expression_request.h"

namespace millstream::dynamodb {
namespace {

using testing::n;
using testing::Request;
using testing::s;

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

}  // namespace
}  // namespace millstream::dynamodb
