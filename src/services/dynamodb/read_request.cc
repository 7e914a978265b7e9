#include "services/dynamodb/read_request.h"

#include "services/dynamodb/legacy.h"
#include "services/dynamodb/model/projection.h"

namespace millstream::dynamodb {
namespace {

// What of Select fits to what. `reading` is how AWS calls the operation there.
template <class Input>
aws::Result<> check_select(const Input& input) {
  if (!input.select) return {};
  const std::string& select = *input.select;
  const char* projection = input.projection_expression ? "ProjectionExpression" : "AttributesToGet";
  const bool projected = input.projection_expression || input.attributes_to_get;
  if (select == "ALL_PROJECTED_ATTRIBUTES" && !input.index_name) {
    return aws::validation_error(
        "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName");
  }
  if (select == "SPECIFIC_ATTRIBUTES" && !projected) {
    return aws::validation_error(
        "Must specify the AttributesToGet or ProjectionExpression when choosing to get "
        "SPECIFIC_ATTRIBUTES");
  }
  if (select == "SPECIFIC_ATTRIBUTES" || !projected) return {};
  return aws::validation_error("Cannot specify the " + std::string(projection) +
                               " when choosing to get " +
                               (select == "COUNT" ? "only the Count" : select));
}

aws::Result<> check_start_key(Wording wording, const std::optional<Item>& start_key) {
  if (!start_key) return {};
  return check_values(wording, *start_key);
}

// Filter and projection, from expressions or legacy parameters; the same for both operations.
template <class Input, class Filter>
aws::Result<> parse_reading(Wording wording, const Input& input, const Filter& legacy_filter,
                            Substitutions* substitutions, ReadRules* rules) {
  if (input.filter_expression) {
    Result<Condition> parsed =
        Condition::parse(*input.filter_expression, ExpressionKind::kFilter, substitutions);
    if (!parsed) return request_error(wording, parsed.error());
    rules->filter = parsed.take();
  } else {
    auto filter = filter_condition(wording, legacy_filter, input.conditional_operator);
    if (!filter) return filter.take_error();
    rules->filter = filter.take();
  }
  if (input.projection_expression) {
    auto paths = parse_projection(*input.projection_expression, substitutions);
    if (!paths) return request_error(wording, paths.error());
    rules->projection = paths.take();
  } else if (input.attributes_to_get) {
    auto paths = attributes_to_get(wording, *input.attributes_to_get);
    if (!paths) return paths.take_error();
    rules->projection = paths.take();
  }
  rules->counts_only = input.select == "COUNT";
  return {};
}

aws::Result<> parse_key_condition(const api::QueryInput& input, Substitutions* substitutions,
                                  ReadRules* rules) {
  constexpr Wording kWording = Wording::kRead;
  if (!input.key_condition_expression) return {};
  Result<Condition> parsed = Condition::parse(*input.key_condition_expression,
                                              ExpressionKind::kKeyCondition, substitutions);
  if (!parsed) return request_error(kWording, parsed.error());
  Result<> used = substitutions->check_all_used();
  if (!used) return request_error(kWording, used.error());
  Result<std::vector<KeyTerm>> terms = key_terms(*parsed);
  if (!terms) return request_error(kWording, terms.error());
  rules->key_terms = terms.take();
  return {};
}

aws::Result<> check_segments(const api::ScanInput& input) {
  if (input.segment && !input.total_segments) {
    return aws::validation_error(
        "The TotalSegments parameter is required but was not present in the request when Segment "
        "parameter is present");
  }
  if (!input.total_segments) return {};
  if (!input.segment) {
    return aws::validation_error(
        "The Segment parameter is required but was not present in the request when parameter "
        "TotalSegments is present");
  }
  if (*input.segment < *input.total_segments) return {};
  return aws::validation_error(
      "The Segment parameter is zero-based and must be less than parameter TotalSegments: "
      "Segment: " +
      std::to_string(*input.segment) +
      " is not less than TotalSegments: " + std::to_string(*input.total_segments));
}

}  // namespace

aws::Result<ReadRules> read_rules(const api::QueryInput& input) {
  constexpr Wording kWording = Wording::kRead;
  aws::Result<> checked = check_parameters(
      kWording,
      {{"ProjectionExpression", input.projection_expression.has_value()},
       {"FilterExpression", input.filter_expression.has_value()},
       {"KeyConditionExpression", input.key_condition_expression.has_value()}},
      {{"AttributesToGet", input.attributes_to_get.has_value()},
       {"QueryFilter", input.query_filter.has_value()},
       {"ConditionalOperator", input.conditional_operator.has_value()},
       {"KeyConditions", input.key_conditions.has_value()}},
      input.expression_attribute_names.has_value(), input.expression_attribute_values.has_value());
  if (!checked) return checked.take_error();
  if (!input.key_conditions && !input.key_condition_expression) {
    return request_error(kWording,
                         "Either the KeyConditions or KeyConditionExpression parameter must be "
                         "specified in the request.");
  }
  checked = check_select(input);
  if (!checked) return checked.take_error();
  aws::Result<Substitutions> substitutions = make_substitutions(
      kWording, input.expression_attribute_names, input.expression_attribute_values);
  if (!substitutions) return substitutions.take_error();
  checked = check_start_key(kWording, input.exclusive_start_key);
  if (!checked) return checked.take_error();
  ReadRules rules;
  checked = parse_reading(kWording, input, input.query_filter, &*substitutions, &rules);
  if (!checked) return checked.take_error();
  checked = parse_key_condition(input, &*substitutions, &rules);
  if (!checked) return checked.take_error();
  if (input.key_conditions) {
    auto terms = key_condition_terms(kWording, *input.key_conditions);
    if (!terms) return terms.take_error();
    rules.key_terms = terms.take();
  }
  return rules;
}

aws::Result<ReadRules> read_rules(const api::ScanInput& input) {
  constexpr Wording kWording = Wording::kBatch;
  aws::Result<> checked = check_parameters(
      kWording,
      {{"ProjectionExpression", input.projection_expression.has_value()},
       {"FilterExpression", input.filter_expression.has_value()}},
      {{"AttributesToGet", input.attributes_to_get.has_value()},
       {"ScanFilter", input.scan_filter.has_value()},
       {"ConditionalOperator", input.conditional_operator.has_value()}},
      input.expression_attribute_names.has_value(), input.expression_attribute_values.has_value());
  if (!checked) return checked.take_error();
  checked = check_select(input);
  if (!checked) return checked.take_error();
  checked = check_start_key(kWording, input.exclusive_start_key);
  if (!checked) return checked.take_error();
  checked = check_segments(input);
  if (!checked) return checked.take_error();
  aws::Result<Substitutions> substitutions = make_substitutions(
      kWording, input.expression_attribute_names, input.expression_attribute_values);
  if (!substitutions) return substitutions.take_error();
  ReadRules rules;
  checked = parse_reading(kWording, input, input.scan_filter, &*substitutions, &rules);
  if (!checked) return checked.take_error();
  Result<> used = substitutions->check_all_used();
  if (!used) return request_error(kWording, used.error());
  return rules;
}

}  // namespace millstream::dynamodb
