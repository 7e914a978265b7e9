#include "services/dynamodb/legacy.h"

#include <algorithm>
#include <array>
#include <set>

namespace millstream::dynamodb {
namespace {

using Kind = Node::Kind;
constexpr const char* kInvalid = "One or more parameter values were invalid: ";

// The legacy operators: how many values each takes, and of which types ("": any).
struct Operator {
  std::string_view name;
  size_t values_min;
  size_t values_max;
  bool scalar;                  // S, N, B only
  bool prefix;                  // S, B only
  std::string_view comparator;  // "" if it isn't a plain comparison
};
constexpr size_t kAnyNumber = 100'000;
constexpr std::array<Operator, 13> kOperators = {{
    {"EQ", 1, 1, false, false, "="},
    {"NE", 1, 1, false, false, "<>"},
    {"LE", 1, 1, true, false, "<="},
    {"LT", 1, 1, true, false, "<"},
    {"GE", 1, 1, true, false, ">="},
    {"GT", 1, 1, true, false, ">"},
    {"IN", 1, kAnyNumber, true, false, ""},
    {"BETWEEN", 2, 2, true, false, ""},
    {"NOT_NULL", 0, 0, false, false, ""},
    {"NULL", 0, 0, false, false, ""},
    {"CONTAINS", 1, 1, true, false, ""},
    {"NOT_CONTAINS", 1, 1, true, false, ""},
    {"BEGINS_WITH", 1, 1, true, true, ""},
}};

const Operator& find_operator(std::string_view name) {
  const auto found = std::find_if(kOperators.begin(), kOperators.end(),
                                  [&](const Operator& each) { return each.name == name; });
  CHECK(found != kOperators.end());  // the generated validation let it through
  return *found;
}

Node path_node(const std::string& attribute) {
  return {.kind = Kind::kPath, .path = {{.name = attribute}}};
}
Node value_node(const Value& value) {
  return {.kind = Kind::kValue, .value = &value};
}

Node call_node(std::string name, const std::string& attribute, const Value* value) {
  Node node{.kind = Kind::kCall, .text = std::move(name)};
  node.children.push_back(path_node(attribute));
  if (value != nullptr) node.children.push_back(value_node(*value));
  return node;
}

using Values = std::vector<const Value*>;

aws::Result<> check_operands(Wording wording, const Operator& op, const Values& values) {
  const std::string name(op.name);
  if (values.size() < op.values_min || values.size() > op.values_max) {
    return request_error(wording, kInvalid + ("Invalid number of argument(s) for the " + name +
                                              " ComparisonOperator"));
  }
  for (const Value* value : values) {
    aws::Result<> sound = check_value(wording, *value);
    if (!sound) return sound;
    if (value->type() != values.front()->type()) {
      return request_error(
          wording,
          std::string(kInvalid) + "AttributeValues inside AttributeValueList must be of same type");
    }
    const bool refused =
        (op.scalar && !value->is_scalar_key()) || (op.prefix && value->type() == ValueType::kN);
    if (refused) {
      return request_error(
          wording, kInvalid + ("ComparisonOperator " + name + " is not valid for " +
                               std::string(type_name(value->type())) + " AttributeValue type"));
    }
  }
  if (op.name == "BETWEEN" && *compare_scalars(*values[0], *values[1]) > 0) {
    return request_error(wording,
                         "The BETWEEN condition was provided a range where the lower bound is "
                         "greater than the upper bound");
  }
  return {};
}

Node operator_node(const Operator& op, const std::string& attribute, const Values& values) {
  if (op.name == "NULL") return call_node("attribute_not_exists", attribute, nullptr);
  if (op.name == "NOT_NULL") return call_node("attribute_exists", attribute, nullptr);
  if (op.name == "BEGINS_WITH") return call_node("begins_with", attribute, values[0]);
  if (op.name == "CONTAINS") return call_node("contains", attribute, values[0]);
  if (op.name == "NOT_CONTAINS") {
    Node negated{.kind = Kind::kNot};
    negated.children.push_back(call_node("contains", attribute, values[0]));
    Node both{.kind = Kind::kAnd};
    both.children.push_back(call_node("attribute_exists", attribute, nullptr));
    both.children.push_back(std::move(negated));
    return both;
  }
  Node node{.kind = op.name == "IN"        ? Kind::kIn
                    : op.name == "BETWEEN" ? Kind::kBetween
                                           : Kind::kCompare,
            .text = std::string(op.comparator)};
  node.children.push_back(path_node(attribute));
  for (const Value* value : values) node.children.push_back(value_node(*value));
  return node;
}

aws::Result<std::optional<Condition>> combine(Wording wording, std::vector<Node> nodes,
                                              const std::optional<std::string>& op) {
  if (op && nodes.empty()) {
    return request_error(wording, "ConditionalOperator cannot be used without Filter or Expected");
  }
  if (op && nodes.size() == 1) {
    return request_error(wording,
                         "ConditionalOperator can only be used when Filter or Expected has two or "
                         "more elements");
  }
  std::optional<Condition> condition;
  if (nodes.empty()) return condition;
  Node root{.kind = op == "OR" ? Kind::kOr : Kind::kAnd, .children = std::move(nodes)};
  condition.emplace(std::move(root));
  return condition;
}

aws::Result<Node> expected_without_operator(Wording wording, const std::string& attribute,
                                            const api::ExpectedAttributeValue& expected) {
  const std::string tail = " for Attribute: " + attribute;
  if (expected.attribute_value_list) {
    return request_error(wording, kInvalid + ("AttributeValueList can only be used with a "
                                              "ComparisonOperator" +
                                              tail));
  }
  const bool exists = expected.exists.value_or(true);
  if (exists && !expected.value) {
    return request_error(wording,
                         kInvalid + ("Value must be provided when Exists is " +
                                     std::string(expected.exists ? "true" : "null") + tail));
  }
  if (!exists && expected.value) {
    return request_error(wording, kInvalid + ("Value cannot be used when Exists is false" + tail));
  }
  if (!exists) return call_node("attribute_not_exists", attribute, nullptr);
  aws::Result<> sound = check_value(wording, *expected.value);
  if (!sound) return sound.take_error();
  return operator_node(find_operator("EQ"), attribute, {&*expected.value});
}

aws::Result<Node> expected_node(Wording wording, const std::string& attribute,
                                const api::ExpectedAttributeValue& expected) {
  const std::string tail = " for Attribute: " + attribute;
  if (expected.attribute_value_list && expected.value) {
    return request_error(
        wording, kInvalid + ("Value and AttributeValueList cannot be used together" + tail));
  }
  if (!expected.comparison_operator) {
    return expected_without_operator(wording, attribute, expected);
  }
  if (expected.exists) {
    return request_error(
        wording, kInvalid + ("Exists and ComparisonOperator cannot be used together" + tail));
  }
  const Operator& op = find_operator(*expected.comparison_operator);
  if (op.values_max > 0 && !expected.attribute_value_list && !expected.value) {
    return request_error(wording, kInvalid + ("Value or AttributeValueList must be used with "
                                              "ComparisonOperator: " +
                                              std::string(op.name) + tail));
  }
  Values values;
  if (expected.value) values.push_back(&*expected.value);
  if (expected.attribute_value_list) {
    for (const Value& value : *expected.attribute_value_list) values.push_back(&value);
  }
  aws::Result<> fit = check_operands(wording, op, values);
  if (!fit) return fit.take_error();
  return operator_node(op, attribute, values);
}

aws::Result<Values> condition_values(Wording wording, const api::Condition& condition) {
  Values values;
  if (condition.attribute_value_list) {
    for (const Value& value : *condition.attribute_value_list) values.push_back(&value);
  }
  aws::Result<> fit = check_operands(wording, find_operator(condition.comparison_operator), values);
  if (!fit) return fit.take_error();
  return values;
}

aws::Result<UpdateAction> update_action(Wording wording, const std::string& attribute,
                                        const api::AttributeValueUpdate& update) {
  const std::string action = update.action.value_or("PUT");
  UpdateAction result{
      .kind = UpdateAction::Kind::kSet, .path = {{.name = attribute}}, .section = 0};
  if (!update.value) {
    if (action != "DELETE") {
      return request_error(
          wording, std::string(kInvalid) +
                       "Only DELETE action is allowed when no attribute value is specified");
    }
    result.kind = UpdateAction::Kind::kRemove;
    return result;
  }
  aws::Result<> sound = check_value(wording, *update.value);
  if (!sound) return sound.take_error();
  const ValueType type = update.value->type();
  const bool fits = action == "PUT" || update.value->is_set() ||
                    (action == "ADD" && (type == ValueType::kN || type == ValueType::kL));
  if (!fits) {
    return request_error(wording, kInvalid + (action +
                                              (action == "ADD" ? " action is not supported"
                                                               : " action with value is "
                                                                 "not supported") +
                                              " for the type " + std::string(type_name(type))));
  }
  if (action == "ADD") result.kind = UpdateAction::Kind::kAdd;
  if (action == "DELETE") result.kind = UpdateAction::Kind::kDelete;
  result.operand.push_back(value_node(*update.value));
  return result;
}

}  // namespace

aws::Result<std::optional<Condition>> expected_condition(
    Wording wording, const std::optional<ExpectedMap>& expected,
    const std::optional<std::string>& conditional_operator) {
  std::vector<Node> nodes;
  if (expected) {
    for (const auto& [attribute, each] : *expected) {
      aws::Result<Node> node = expected_node(wording, attribute, each);
      if (!node) return node.take_error();
      nodes.push_back(node.take());
    }
  }
  return combine(wording, std::move(nodes), conditional_operator);
}

aws::Result<std::optional<Condition>> filter_condition(
    Wording wording, const std::optional<ConditionMap>& filter,
    const std::optional<std::string>& conditional_operator) {
  std::vector<Node> nodes;
  if (filter) {
    for (const auto& [attribute, condition] : *filter) {
      aws::Result<Values> values = condition_values(wording, condition);
      if (!values) return values.take_error();
      nodes.push_back(
          operator_node(find_operator(condition.comparison_operator), attribute, *values));
    }
  }
  return combine(wording, std::move(nodes), conditional_operator);
}

aws::Result<std::vector<KeyTerm>> key_condition_terms(Wording wording,
                                                      const ConditionMap& conditions) {
  if (conditions.empty() || conditions.size() > 2) {
    return request_error(wording, "Conditions can be of length 1 or 2 only");
  }
  std::vector<KeyTerm> terms;
  for (const auto& [attribute, condition] : conditions) {
    aws::Result<Values> values = condition_values(wording, condition);
    if (!values) return values.take_error();
    const Operator& op = find_operator(condition.comparison_operator);
    KeyTerm term{.attribute = attribute, .values = values.take()};
    if (op.name == "BETWEEN") {
      term.comparator = "BETWEEN";
    } else if (op.name == "BEGINS_WITH") {
      term.comparator = "begins_with";
    } else if (!op.comparator.empty() && op.comparator != "<>") {
      term.comparator = op.comparator;
    } else {
      return request_error(wording,
                           "Attempted conditional constraint is not an indexable operation");
    }
    terms.push_back(std::move(term));
  }
  return terms;
}

aws::Result<Update> attribute_updates(Wording wording, const UpdateMap& updates) {
  UpdateSyntax syntax;
  syntax.sections.push_back(UpdateAction::Kind::kSet);
  for (const auto& [attribute, update] : updates) {
    aws::Result<UpdateAction> action = update_action(wording, attribute, update);
    if (!action) return action.take_error();
    syntax.actions.push_back(action.take());
  }
  return Update(std::move(syntax));
}

aws::Result<std::vector<DocumentPath>> attributes_to_get(Wording wording,
                                                         const std::vector<std::string>& names) {
  std::vector<DocumentPath> paths;
  std::set<std::string_view> seen;
  for (const std::string& name : names) {
    if (!seen.insert(name).second) {
      return request_error(wording, kInvalid + ("Duplicate value in attribute name: " + name));
    }
    paths.push_back({{.name = name}});
  }
  return paths;
}

}  // namespace millstream::dynamodb
