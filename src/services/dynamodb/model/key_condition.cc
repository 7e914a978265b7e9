#include "services/dynamodb/model/key_condition.h"

#include <algorithm>
#include <map>

namespace millstream::dynamodb {
namespace {

using Kind = Node::Kind;

Error invalid(std::string message) {
  return {ErrorCode::kInvalidArgument, std::move(message)};
}
Error invalid_expression(std::string_view message) {
  return expression_error(ExpressionKind::kKeyCondition, message);
}

Result<> collect_comparisons(const Node& wrapped, std::vector<const Node*>* comparisons) {
  const Node& node = inside(wrapped);
  if (node.kind == Kind::kAnd) {
    for (const Node& child : node.children) {
      Result<> collected = collect_comparisons(child, comparisons);
      if (!collected) return collected;
    }
    return {};
  }
  const bool refused = node.kind == Kind::kOr || node.kind == Kind::kNot ||
                       node.kind == Kind::kIn ||
                       (node.kind == Kind::kCompare && node.text == "<>") ||
                       (node.kind == Kind::kCall && node.text != "begins_with");
  if (refused) {
    return invalid("Invalid operator used in KeyConditionExpression: " + node.text);
  }
  comparisons->push_back(&node);
  return {};
}

std::string mirrored(const std::string& comparator) {
  if (comparator == "<") return ">";
  if (comparator == "<=") return ">=";
  if (comparator == ">") return "<";
  if (comparator == ">=") return "<=";
  return comparator;
}

Result<KeyTerm> term_of(const Node& node) {
  std::vector<const Node*> operands;
  for (const Node& child : node.children) operands.push_back(&inside(child));
  for (const Node* operand : operands) {
    if (operand->kind == Kind::kCall) {
      return invalid_expression("KeyConditionExpressions cannot contain nested operations");
    }
  }
  KeyTerm term{.comparator = node.text};
  if (node.kind == Kind::kCompare && operands[0]->kind != Kind::kPath) {
    std::swap(operands[0], operands[1]);
    term.comparator = mirrored(node.text);
  }
  if (operands[0]->kind != Kind::kPath) {
    if (node.kind == Kind::kCompare) {
      return invalid("Invalid condition in KeyConditionExpression: No key attribute specified");
    }
    return invalid("Invalid condition in KeyConditionExpression: " + node.text +
                   " operator must have the key attribute as its first operand");
  }
  term.attribute = operands[0]->path.front().name;
  term.nested = operands[0]->path.size() > 1;
  for (size_t i = 1; i < operands.size(); ++i) {
    if (operands[i]->kind != Kind::kValue) {
      return invalid(
          "Invalid condition in KeyConditionExpression: Multiple attribute names used in "
          "one condition");
    }
    term.values.push_back(operands[i]->value);
  }
  return term;
}

SortKeyRange range_of(const KeyTerm& term) {
  const Value* value = term.values.front();
  const std::string& comparator = term.comparator;
  if (comparator == "BETWEEN") return {.low = value, .high = term.values[1]};
  if (comparator == "begins_with") return {.low = value, .prefix = true};
  SortKeyRange range;
  if (comparator != "<" && comparator != "<=") range.low = value;
  if (comparator != ">" && comparator != ">=") range.high = value;
  range.low_included = comparator != ">";
  range.high_included = comparator != "<";
  return range;
}

Result<> check_values(const KeyTerm& term, const KeyAttribute& attribute) {
  for (const Value* value : term.values) {
    const bool prefix_of_number =
        term.comparator == "begins_with" && attribute.type == ValueType::kN;
    if (value->type() != attribute.type || prefix_of_number) {
      return invalid(
          "One or more parameter values were invalid: Condition parameter type does not "
          "match schema type");
    }
    const bool empty = (value->type() == ValueType::kS && value->as_string().empty()) ||
                       (value->type() == ValueType::kB && value->as_binary().empty());
    if (!empty) continue;
    return invalid(
        std::string("One or more parameter values are not valid. The AttributeValue for a "
                    "key attribute cannot contain an empty ") +
        (value->type() == ValueType::kS ? "string" : "binary") + " value. Key: " + attribute.name);
  }
  return {};
}

// At most one term an attribute, none of them about the inside of one.
Result<> check_counts(const std::vector<KeyTerm>& terms, const KeySchema& schema) {
  std::map<std::string, int> counts;
  for (const KeyTerm& term : terms) {
    if (term.nested) {
      return invalid_expression(
          "KeyConditionExpressions cannot have conditions on nested attributes");
    }
    if (++counts[term.attribute] > 1) {
      return invalid_expression("KeyConditionExpressions must only contain one condition per key");
    }
  }
  const size_t keys = schema.sort ? 2 : 1;
  if (terms.size() <= keys) return {};
  return invalid("The number of query conditions (" + std::to_string(terms.size()) +
                 ") exceeds the number of key attributes defined in the schema (" +
                 std::to_string(keys) + ")");
}

const KeyTerm* find_term(const std::vector<KeyTerm>& terms, const std::string& attribute) {
  const auto found = std::find_if(terms.begin(), terms.end(),
                                  [&](const KeyTerm& term) { return term.attribute == attribute; });
  return found == terms.end() ? nullptr : &*found;
}

}  // namespace

Result<std::vector<KeyTerm>> key_terms(const Condition& condition) {
  std::vector<const Node*> comparisons;
  Result<> collected = collect_comparisons(condition.root(), &comparisons);
  if (!collected) return collected.take_error();
  std::vector<KeyTerm> terms;
  for (const Node* comparison : comparisons) {
    Result<KeyTerm> term = term_of(*comparison);
    if (!term) return term.take_error();
    terms.push_back(term.take());
  }
  return terms;
}

Result<KeyCondition> fit_key_condition(const std::vector<KeyTerm>& terms, const KeySchema& schema) {
  Result<> counts = check_counts(terms, schema);
  if (!counts) return counts.take_error();
  const KeyTerm* partition = find_term(terms, schema.partition.name);
  if (partition == nullptr) {
    return invalid("Query condition missed key schema element: " + schema.partition.name);
  }
  const KeyTerm* sort = schema.sort ? find_term(terms, schema.sort->name) : nullptr;
  if (terms.size() == 2 && sort == nullptr) {
    return invalid("Query condition missed key schema element: " +
                   (schema.sort ? schema.sort->name : schema.partition.name));
  }
  if (partition->comparator != "=") return invalid("Query key condition not supported");
  Result<> fits = check_values(*partition, schema.partition);
  if (!fits) return fits.take_error();
  KeyCondition condition{.partition = partition->values.front()};
  if (sort != nullptr) {
    fits = check_values(*sort, *schema.sort);
    if (!fits) return fits.take_error();
    condition.sort = range_of(*sort);
  }
  return condition;
}

}  // namespace millstream::dynamodb
