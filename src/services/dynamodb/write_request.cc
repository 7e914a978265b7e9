#include "services/dynamodb/write_request.h"

#include "services/dynamodb/model/item_size.h"
#include "services/dynamodb/service.h"

namespace millstream::dynamodb {
namespace {

constexpr Wording kWording = Wording::kWrite;

template <class Input>
aws::Result<> parse_condition(const Input& input, Substitutions* substitutions, WriteRules* rules) {
  if (!input.condition_expression) {
    aws::Result<std::optional<Condition>> expected =
        expected_condition(kWording, input.expected, input.conditional_operator);
    if (!expected) return expected.take_error();
    rules->condition = expected.take();
    return {};
  }
  Result<Condition> parsed =
      Condition::parse(*input.condition_expression, ExpressionKind::kCondition, substitutions);
  if (!parsed) return request_error(kWording, parsed.error());
  rules->condition = parsed.take();
  return {};
}

// PutItem and DeleteItem: only a condition.
template <class Input>
aws::Result<WriteRules> condition_rules(const Input& input) {
  aws::Result<> parameters = check_parameters(
      kWording, {{"ConditionExpression", input.condition_expression.has_value()}},
      {{"Expected", input.expected.has_value()},
       {"ConditionalOperator", input.conditional_operator.has_value()}},
      input.expression_attribute_names.has_value(), input.expression_attribute_values.has_value());
  if (!parameters) return parameters.take_error();
  const std::string returned = input.return_values.value_or("NONE");
  if (returned != "NONE" && returned != "ALL_OLD") {
    return request_error(kWording, "ReturnValues can only be ALL_OLD or NONE");
  }
  aws::Result<Substitutions> substitutions = make_substitutions(
      kWording, input.expression_attribute_names, input.expression_attribute_values);
  if (!substitutions) return substitutions.take_error();
  WriteRules rules{.old_item_on_failure =
                       input.return_values_on_condition_check_failure == "ALL_OLD"};
  aws::Result<> condition = parse_condition(input, &*substitutions, &rules);
  if (!condition) return condition.take_error();
  Result<> used = substitutions->check_all_used();
  if (!used) return request_error(kWording, used.error());
  return rules;
}

aws::Result<> parse_update(const api::UpdateItemInput& input, Substitutions* substitutions,
                           WriteRules* rules) {
  if (input.update_expression) {
    Result<Update> parsed = Update::parse(*input.update_expression, substitutions);
    if (!parsed) return request_error(kWording, parsed.error());
    rules->update = parsed.take();
  } else if (input.attribute_updates) {
    aws::Result<Update> updates = attribute_updates(kWording, *input.attribute_updates);
    if (!updates) return updates.take_error();
    rules->update = updates.take();
  }
  return {};
}

// Paths may not look inside a key attribute, for those are scalars.
aws::Result<> check_key_paths(const Table& table, const Condition& condition) {
  std::vector<const DocumentPath*> paths;
  collect_paths(condition.root(), &paths);
  for (const DocumentPath* path : paths) {
    if (path->size() < 2 || !table.is_key(path->front().name)) continue;
    return aws::validation_error(
        "Key attributes must be scalars; list random access '[]' and map lookup '.' are not "
        "allowed: Key: " +
        path->front().name);
  }
  return {};
}

template <class Input>
aws::Result<ItemPlace> find_place(const lanes::Lanes& lanes, const Table& table,
                                  const Input& input) {
  return place_of_key(lanes, table, input.key);
}

aws::Result<ItemPlace> find_place(const lanes::Lanes& lanes, const Table& table,
                                  const api::PutItemInput& input) {
  aws::Result<ItemPlace> place = place_of_item(lanes, table, input.item);
  if (place && item_size(input.item) > kItemBytesMax) {
    return aws::validation_error("Item size has exceeded the maximum allowed size");
  }
  return place;
}

// `given` is the item or key in the input.
template <class Input>
aws::Result<ItemWrite> prepare(Service& service, const aws::RequestContext& context,
                               const WriteRules& rules, const Input& input, const Item& given) {
  aws::Result<> values = check_values(kWording, given);
  if (!values) return values.take_error();
  auto table = find_table(service, context, input.table_name);
  if (!table) return table.take_error();
  aws::Result<ItemPlace> place = find_place(service.lanes(), **table, input);
  if (!place) return place.take_error();
  if (rules.condition) {
    aws::Result<> paths = check_key_paths(**table, *rules.condition);
    if (!paths) return paths.take_error();
  }
  return ItemWrite{.table = table.take(),
                   .place = place.take(),
                   .condition = rules.condition ? &*rules.condition : nullptr,
                   .old_item_on_failure = rules.old_item_on_failure};
}

}  // namespace

aws::Result<WriteRules> write_rules(const api::PutItemInput& input) {
  return condition_rules(input);
}

aws::Result<WriteRules> write_rules(const api::DeleteItemInput& input) {
  return condition_rules(input);
}

aws::Result<WriteRules> write_rules(const api::UpdateItemInput& input) {
  aws::Result<> parameters = check_parameters(
      kWording,
      {{"UpdateExpression", input.update_expression.has_value()},
       {"ConditionExpression", input.condition_expression.has_value()}},
      {{"AttributeUpdates", input.attribute_updates.has_value()},
       {"Expected", input.expected.has_value()},
       {"ConditionalOperator", input.conditional_operator.has_value()}},
      input.expression_attribute_names.has_value(), input.expression_attribute_values.has_value());
  if (!parameters) return parameters.take_error();
  aws::Result<Substitutions> substitutions = make_substitutions(
      kWording, input.expression_attribute_names, input.expression_attribute_values);
  if (!substitutions) return substitutions.take_error();
  WriteRules rules{
      .old_item_on_failure = input.return_values_on_condition_check_failure == "ALL_OLD",
      .returns_old_item = input.return_values == "ALL_OLD" || input.return_values == "UPDATED_OLD"};
  aws::Result<> update = parse_update(input, &*substitutions, &rules);
  if (!update) return update.take_error();
  aws::Result<> condition = parse_condition(input, &*substitutions, &rules);
  if (!condition) return condition.take_error();
  Result<> used = substitutions->check_all_used();
  if (!used) return request_error(kWording, used.error());
  return rules;
}

aws::Result<ItemWrite> prepare_write(Service& service, const aws::RequestContext& context,
                                     const WriteRules& rules, const api::PutItemInput& input) {
  return prepare(service, context, rules, input, input.item);
}

aws::Result<ItemWrite> prepare_write(Service& service, const aws::RequestContext& context,
                                     const WriteRules& rules, const api::UpdateItemInput& input) {
  return prepare(service, context, rules, input, input.key);
}

aws::Result<ItemWrite> prepare_write(Service& service, const aws::RequestContext& context,
                                     const WriteRules& rules, const api::DeleteItemInput& input) {
  return prepare(service, context, rules, input, input.key);
}

}  // namespace millstream::dynamodb
