#include "services/cloudformation/template/evaluate.h"

#include "services/cloudformation/template/functions.h"
#include "services/cloudformation/template/limits.h"

namespace millstream::cloudformation {
namespace {
constexpr size_t kCallBytes = 16;
}

Result<Value> Evaluator::evaluate(const Value& value) {
  if (value.is_list()) return evaluate_list(value);
  if (!value.is_map()) return value;
  const auto function = as_function(value);
  if (!function) return evaluate_map(value);
  const auto found = functions().find(function->name);
  if (found == functions().end()) {
    return template_error("Template Error: Encountered unsupported function: " +
                          std::string(function->name));
  }
  // A call counts, too: variables nested in Fn::Sub are worked out at every mention.
  auto counted = made(Value(), kCallBytes);
  if (!counted) return counted;
  return (this->*found->second)(function->argument);
}

Result<Value> Evaluator::evaluate_list(const Value& value) {
  Value::List elements;
  for (const Value& element : value.as_list()) {
    auto evaluated = evaluate(element);
    if (!evaluated) return evaluated;
    if (!evaluated->is_null()) elements.push_back(evaluated.take());
  }
  return Value(std::move(elements));
}

Result<Value> Evaluator::evaluate_map(const Value& value) {
  Value::Map members;
  for (const Member& member : value.as_map()) {
    auto evaluated = evaluate(member.value);
    if (!evaluated) return evaluated;
    if (!evaluated->is_null()) members.push_back({member.name, evaluated.take()});
  }
  return Value(std::move(members));
}

Result<Value> Evaluator::made(Value value, size_t bytes) {
  made_bytes_ += bytes;
  if (made_bytes_ <= kEvaluatedBytesMax) return value;
  return template_error(
      "Template error: the values that the template's functions make are larger "
      "than " +
      std::to_string(kEvaluatedBytesMax) + " bytes");
}

Result<bool> Evaluator::condition(const std::string& name) {
  if (name.empty()) return true;
  const auto known = conditions_.find(name);
  if (known != conditions_.end()) return known->second;
  const Value* value = parsed_.conditions.find(name);
  if (!value) return template_error("Template error: unresolved condition dependency " + name);
  auto holds = expression(*value);
  if (holds) conditions_[name] = *holds;
  return holds;
}

// The circle check of parse_template bounds this recursion.
Result<bool> Evaluator::expression(const Value& value) {
  const auto function = as_function(value, true);
  if (!function) {
    return template_error(
        "Template error: a condition is made of Fn::And, Fn::Equals, Fn::Not, "
        "Fn::Or and Condition");
  }
  const Value& argument = function->argument;
  if (function->name == "Condition") return condition(argument.as_string());
  if (function->name == "Fn::Equals") return equals(argument);
  if (function->name == "Fn::And") return all_or_any(argument, false);
  if (function->name == "Fn::Or") return all_or_any(argument, true);
  if (function->name == "Fn::Not") {
    auto holds = expression(argument.as_list()[0]);
    if (!holds) return holds;
    return !*holds;
  }
  return template_error("Template error: " + std::string(function->name) +
                        " is not a condition function");
}

Result<bool> Evaluator::equals(const Value& argument) {
  auto left = evaluate(argument.as_list()[0]);
  if (!left) return left.take_error();
  auto right = evaluate(argument.as_list()[1]);
  if (!right) return right.take_error();
  if (left->is_scalar() && right->is_scalar()) return left->text() == right->text();
  return *left == *right;
}

Result<bool> Evaluator::all_or_any(const Value& argument, bool any) {
  for (const Value& element : argument.as_list()) {
    auto holds = expression(element);
    if (!holds || *holds == any) return holds;
  }
  return !any;
}

}  // namespace millstream::cloudformation
