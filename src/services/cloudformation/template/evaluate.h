#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "services/cloudformation/template/parameters.h"
#include "services/cloudformation/template/template.h"

namespace millstream::cloudformation {

// What the pseudo parameters stand for.
struct PseudoParameters {
  std::string account_id;
  std::string region;
  std::string stack_name;
  std::string stack_id;
  std::vector<std::string> notification_arns;
};

// Where the evaluator asks for what only the stack knows. Every answer may be Value::unknown().
class StackValues {
 public:
  virtual ~StackValues() = default;
  // Ref and Fn::GetAtt of a resource of the template.
  virtual Result<Value> reference(const std::string& resource) = 0;
  virtual Result<Value> attribute(const std::string& resource, const std::string& attribute) = 0;
  virtual Result<Value> import_value(const std::string& export_name) = 0;
};

// Works out a template's functions for one stack. Keeps references to what it is given; keeps the
// conditions that it has worked out. Not synchronised. Text made by the functions is bounded by
// kEvaluatedBytesMax for the evaluator's whole life.
class Evaluator {
 public:
  Evaluator(const Template& parsed, const ParameterTexts& parameters,
            const PseudoParameters& pseudo_parameters, StackValues& stack)
      : parsed_(parsed),
        parameters_(parameters),
        pseudo_parameters_(pseudo_parameters),
        stack_(stack) {}

  // The value without functions. Members and elements that came out as AWS::NoValue are gone; the
  // result is null when the value itself did. A function that needs an unknown value gives one.
  Result<Value> evaluate(const Value& value);

  // A condition by its name; true for an empty name.
  Result<bool> condition(const std::string& name);

 private:
  using Function = Result<Value> (Evaluator::*)(const Value& argument);
  static const std::map<std::string_view, Function>& functions();

  Result<Value> ref(const Value& argument);
  Result<Value> get_att(const Value& argument);
  Result<Value> sub(const Value& argument);
  Result<Value> join(const Value& argument);
  Result<Value> split(const Value& argument);
  Result<Value> select(const Value& argument);
  Result<Value> if_else(const Value& argument);
  Result<Value> find_in_map(const Value& argument);
  Result<Value> base64(const Value& argument);
  Result<Value> get_azs(const Value& argument);
  Result<Value> import_value(const Value& argument);
  Result<Value> cidr(const Value& argument);
  Result<Value> not_here(const Value& argument);

  Result<Value> evaluate_list(const Value& value);
  Result<Value> evaluate_map(const Value& value);
  Result<Value> pseudo_parameter(const std::string& name);
  Result<Value> sub_variable(const std::string& name, const Value* variables);
  Result<bool> expression(const Value& value);
  Result<bool> equals(const Value& argument);
  Result<bool> all_or_any(const Value& argument, bool any);
  // Counts text that a function made.
  Result<Value> made(Value value, size_t bytes);

  const Template& parsed_;
  const ParameterTexts& parameters_;
  const PseudoParameters& pseudo_parameters_;
  StackValues& stack_;
  std::map<std::string, bool> conditions_;
  size_t made_bytes_ = 0;
};

}  // namespace millstream::cloudformation
