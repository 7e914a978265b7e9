#include <algorithm>

#include "base/base64.h"
#include "services/cloudformation/template/cidr.h"
#include "services/cloudformation/template/evaluate.h"
#include "services/cloudformation/template/functions.h"

namespace millstream::cloudformation {

const std::map<std::string_view, Evaluator::Function>& Evaluator::functions() {
  static const std::map<std::string_view, Function> kFunctions = {
      {"Ref", &Evaluator::ref},
      {"Fn::GetAtt", &Evaluator::get_att},
      {"Fn::Sub", &Evaluator::sub},
      {"Fn::Join", &Evaluator::join},
      {"Fn::Split", &Evaluator::split},
      {"Fn::Select", &Evaluator::select},
      {"Fn::If", &Evaluator::if_else},
      {"Fn::FindInMap", &Evaluator::find_in_map},
      {"Fn::Base64", &Evaluator::base64},
      {"Fn::GetAZs", &Evaluator::get_azs},
      {"Fn::ImportValue", &Evaluator::import_value},
      {"Fn::Cidr", &Evaluator::cidr},
      {"Fn::Equals", &Evaluator::not_here},
      {"Fn::And", &Evaluator::not_here},
      {"Fn::Or", &Evaluator::not_here},
      {"Fn::Not", &Evaluator::not_here},
  };
  return kFunctions;
}

Result<Value> Evaluator::not_here(const Value&) {
  return template_error(
      "Template error: condition functions can only be used in the Conditions "
      "section and as the first argument of Fn::If");
}

Result<Value> Evaluator::pseudo_parameter(const std::string& name) {
  if (name == "AWS::AccountId") return Value(pseudo_parameters_.account_id);
  if (name == "AWS::Region") return Value(pseudo_parameters_.region);
  if (name == "AWS::StackName") return Value(pseudo_parameters_.stack_name);
  if (name == "AWS::StackId") return Value(pseudo_parameters_.stack_id);
  if (name == "AWS::Partition") return Value("aws");
  if (name == "AWS::URLSuffix") return Value("amazonaws.com");
  if (name == "AWS::NoValue") return Value();
  Value::List arns;
  for (const std::string& arn : pseudo_parameters_.notification_arns) arns.push_back(Value(arn));
  return Value(std::move(arns));
}

Result<Value> Evaluator::ref(const Value& argument) {
  const std::string& name = argument.as_string();
  if (is_pseudo_parameter(name)) return pseudo_parameter(name);
  if (const ParameterDeclaration* declaration = parsed_.parameter(name)) {
    return parameter_value(*declaration, parameters_.at(name));
  }
  return stack_.reference(name);
}

Result<Value> Evaluator::get_att(const Value& argument) {
  auto attribute = evaluate(argument.as_list()[1]);
  if (!attribute) return attribute;
  if (attribute->is_unknown()) return attribute;
  const auto name = attribute->text();
  if (!name) {
    return template_error(
        "Template error: every Fn::GetAtt object requires two non-empty "
        "parameters, the resource name and the resource attribute");
  }
  return stack_.attribute(argument.as_list()[0].as_string(), *name);
}

Result<Value> Evaluator::sub_variable(const std::string& name, const Value* variables) {
  if (const Value* variable = variables ? variables->find(name) : nullptr) {
    return evaluate(*variable);
  }
  const size_t dot = name.find('.');
  if (dot == name.npos) return ref(Value(name));
  return stack_.attribute(name.substr(0, dot), name.substr(dot + 1));
}

Result<Value> Evaluator::sub(const Value& argument) {
  const Value& text = argument.is_list() ? argument.as_list()[0] : argument;
  const Value* variables =
      argument.is_list() && argument.as_list().size() == 2 ? &argument.as_list()[1] : nullptr;
  auto pieces = split_sub(text.as_string());
  if (!pieces) return pieces.take_error();
  std::string joined;
  bool is_unknown = false;
  for (const SubPiece& piece : *pieces) {
    if (!piece.is_variable) {
      joined += piece.text;
      continue;
    }
    auto value = sub_variable(piece.text, variables);
    if (!value) return value;
    is_unknown = is_unknown || value->is_unknown();
    if (!value->is_scalar() && !value->is_unknown()) {
      return template_error("Template error: variable " + piece.text +
                            " in Fn::Sub expression does not resolve to a string");
    }
    const std::string text_of_value = value->text().value_or("");
    auto counted = made(Value(), text_of_value.size());
    if (!counted) return counted;
    joined += text_of_value;
  }
  if (is_unknown) return Value::unknown();
  return Value(std::move(joined));
}

Result<Value> Evaluator::join(const Value& argument) {
  auto list = evaluate(argument.as_list()[1]);
  if (!list || list->is_unknown()) return list;
  if (list->has_unknown()) return Value::unknown();
  if (!list->is_list()) {
    return template_error(
        "Template error: every Fn::Join object requires two parameters, (1) a string delimiter and "
        "(2) a list of strings to be joined or a function that returns a list of strings (such as "
        "Fn::GetAZs) to be joined.");
  }
  std::string joined;
  const std::string& delimiter = argument.as_list()[0].as_string();
  for (size_t i = 0; i < list->as_list().size(); ++i) {
    const auto text = list->as_list()[i].text();
    if (!text) {
      return template_error("Template error: every element of a Fn::Join list must be a string");
    }
    auto counted = made(Value(), delimiter.size() + text->size());
    if (!counted) return counted;
    joined += (i == 0 ? "" : delimiter) + *text;
  }
  return Value(std::move(joined));
}

Result<Value> Evaluator::split(const Value& argument) {
  auto source = evaluate(argument.as_list()[1]);
  if (!source || source->is_unknown()) return source;
  const auto text = source->text();
  const std::string& delimiter = argument.as_list()[0].as_string();
  if (!text || delimiter.empty()) {
    return template_error(
        "Template error: every Fn::Split object requires two parameters, (1) a string delimiter "
        "and "
        "(2) a string to be split or a function that returns a string to be split.");
  }
  Value::List parts;
  for (size_t start = 0; start <= text->size();) {
    const size_t end = std::min(text->find(delimiter, start), text->size());
    parts.push_back(Value(text->substr(start, end - start)));
    start = end + delimiter.size();
    if (end == text->size()) break;
  }
  return made(Value(std::move(parts)), text->size());
}

Result<Value> Evaluator::select(const Value& argument) {
  auto index = evaluate(argument.as_list()[0]);
  if (!index || index->is_unknown()) return index;
  auto list = evaluate(argument.as_list()[1]);
  if (!list || list->is_unknown()) return list;
  const auto at = index->as_integer();
  if (!at || !list->is_list()) {
    return template_error(
        "Template error: Fn::Select requires a list argument with two elements: "
        "an integer index and a list");
  }
  if (*at < 0 || static_cast<size_t>(*at) >= list->as_list().size()) {
    return template_error("Template error: Fn::Select cannot select nonexistent value at index " +
                          std::to_string(*at));
  }
  return std::move(list->as_list()[*at]);
}

Result<Value> Evaluator::if_else(const Value& argument) {
  auto holds = condition(argument.as_list()[0].as_string());
  if (!holds) return holds.take_error();
  return evaluate(argument.as_list()[*holds ? 1 : 2]);
}

Result<Value> Evaluator::find_in_map(const Value& argument) {
  std::string keys[3];
  for (int i = 0; i < 3; ++i) {
    auto key = evaluate(argument.as_list()[i]);
    if (!key) return key;
    const auto text = key->text();
    if (!text) {
      return template_error(
          "Template error: every Fn::FindInMap object requires three parameters, "
          "the map name, map key and the attribute for return value");
    }
    keys[i] = *text;
  }
  const Value* map = parsed_.mappings.find(keys[0]);
  if (!map) {
    return template_error("Template error: Mapping named '" + keys[0] +
                          "' is not present in the 'Mappings' section of template.");
  }
  const Value* entry = map->find(keys[1]);
  const Value* value = entry ? entry->find(keys[2]) : nullptr;
  if (!value) {
    return template_error("Template error: Unable to get mapping for " + keys[0] + "::" + keys[1] +
                          "::" + keys[2]);
  }
  return *value;
}

Result<Value> Evaluator::base64(const Value& argument) {
  auto value = evaluate(argument);
  if (!value || value->is_unknown()) return value;
  const auto text = value->text();
  if (!text) {
    return template_error(
        "Template error: every Fn::Base64 object must have a String-typed value.");
  }
  return made(Value(base64_encode(*text)), base64_encoded_size(text->size()));
}

// One machine has no availability zones; templates count on there being some.
Result<Value> Evaluator::get_azs(const Value& argument) {
  auto region = evaluate(argument);
  if (!region || region->is_unknown()) return region;
  std::string name = region->text().value_or("");
  if (name.empty()) name = pseudo_parameters_.region;
  return Value(Value::List{Value(name + "a"), Value(name + "b"), Value(name + "c")});
}

Result<Value> Evaluator::import_value(const Value& argument) {
  auto name = evaluate(argument);
  if (!name || name->is_unknown()) return name;
  const auto text = name->text();
  if (!text) {
    return template_error(
        "Template error: every Fn::ImportValue object must have a String parameter.");
  }
  return stack_.import_value(*text);
}

Result<Value> Evaluator::cidr(const Value& argument) {
  auto arguments = evaluate(argument);
  if (!arguments) return arguments;
  if (arguments->has_unknown()) return Value::unknown();
  const Value::List& list = arguments->as_list();
  const auto block = list.empty() ? std::nullopt : list[0].text();
  const auto count = list.size() < 2 ? std::nullopt : list[1].as_integer();
  const auto host_bits = list.size() < 3 ? std::optional<long long>(8) : list[2].as_integer();
  if (!block || !count || !host_bits) {
    return template_error(
        "Template error: every Fn::Cidr object requires two required parameters, (1) ipblock, (2) "
        "count and (3) optional cidrBits");
  }
  return cidr_networks(*block, *count, *host_bits);
}

}  // namespace millstream::cloudformation
