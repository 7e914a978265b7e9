#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "services/cloudformation/template/value.h"

namespace millstream::cloudformation {

struct ParameterDeclaration {
  std::string name;
  std::string type;
  std::string description;
  std::string constraint_description;
  std::string allowed_pattern;
  std::vector<std::string> allowed_values;
  std::optional<std::string> default_value;
  std::optional<std::string> min_value, max_value;  // texts of numbers
  std::optional<long long> min_length, max_length;
  bool no_echo = false;
};

struct ResourceDeclaration {
  std::string name;
  std::string type;
  Value properties = Value::map();  // with its functions
  Value metadata;                   // null when there is none
  std::vector<std::string> depends_on;
  std::string condition;              // empty: always
  std::string deletion_policy;        // empty: Delete
  std::string update_replace_policy;  // empty: Delete
};

struct OutputDeclaration {
  std::string name;
  Value value;
  std::string description;
  std::string condition;  // empty: always
  Value export_name;      // null when it isn't exported
};

// A template whose structure holds: every section has the right form, every function the right
// number of arguments, every name that is referred to exists, and no resource depends on itself.
// Whether the resources' types and properties are ones that Millstream makes is asked elsewhere
// (services/cloudformation/resources). An immutable value.
struct Template {
  std::string body;     // as it was given
  std::string version;  // AWSTemplateFormatVersion, or empty
  std::string description;
  Value metadata;  // null when there is none
  Value mappings = Value::map();
  Value conditions = Value::map();  // name to expression
  std::vector<ParameterDeclaration> parameters;
  std::vector<ResourceDeclaration> resources;  // as written
  std::vector<OutputDeclaration> outputs;

  [[nodiscard]] const ParameterDeclaration* parameter(std::string_view name) const;
  [[nodiscard]] const ResourceDeclaration* resource(std::string_view name) const;
};

// Reads JSON (a text that begins with an opening brace) or YAML. Every failure is kInvalidArgument
// with the text that CloudFormation puts into its ValidationError.
Result<Template> parse_template(std::string_view body);

// A failure of this module: kInvalidArgument with CloudFormation's text.
Error template_error(std::string message);

}  // namespace millstream::cloudformation
