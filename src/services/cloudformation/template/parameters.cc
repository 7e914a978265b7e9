#include "services/cloudformation/template/parameters.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "services/cloudformation/template/limits.h"
#include "services/cloudformation/template/pattern.h"

namespace millstream::cloudformation {
namespace {

bool is_list_type(std::string_view type) {
  return type == "CommaDelimitedList" || type.starts_with("List<");
}
bool is_number_type(std::string_view type) {
  return type == "Number" || type == "List<Number>";
}

std::string trimmed(std::string_view text) {
  const auto is_space = [](char c) { return std::isspace(static_cast<unsigned char>(c)); };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return std::string(text);
}

std::vector<std::string> split_commas(std::string_view text) {
  std::vector<std::string> parts;
  if (text.empty()) return parts;
  for (size_t start = 0; start <= text.size();) {
    const size_t comma = std::min(text.find(',', start), text.size());
    parts.push_back(trimmed(text.substr(start, comma - start)));
    start = comma + 1;
  }
  return parts;
}

std::optional<double> as_number(const std::string& text) {
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || rest != end) return std::nullopt;
  return number;
}

Error refused(const ParameterDeclaration& declaration, const std::string& why) {
  const std::string name = "Parameter '" + declaration.name + "' ";
  if (declaration.constraint_description.empty()) return template_error(name + why);
  return template_error(name +
                        "failed to satisfy constraint: " + declaration.constraint_description);
}

Result<> check_number(const ParameterDeclaration& declaration, const std::string& text) {
  const auto number = as_number(text);
  if (!number) return template_error("Parameter '" + declaration.name + "' must be a number");
  if (declaration.min_value && *number < as_number(*declaration.min_value).value_or(*number)) {
    return refused(declaration, "must be a number not less than " + *declaration.min_value);
  }
  if (declaration.max_value && *number > as_number(*declaration.max_value).value_or(*number)) {
    return refused(declaration, "must be a number not greater than " + *declaration.max_value);
  }
  return {};
}

Result<> check_length(const ParameterDeclaration& declaration, const std::string& text) {
  const auto length = static_cast<long long>(text.size());
  if (declaration.min_length && length < *declaration.min_length) {
    return refused(declaration, "must contain at least " + std::to_string(*declaration.min_length) +
                                    " characters");
  }
  if (declaration.max_length && length > *declaration.max_length) {
    return refused(declaration, "must contain at most " + std::to_string(*declaration.max_length) +
                                    " characters");
  }
  return {};
}

// Checks one value: the whole text, or one part of a list.
Result<> check_part(const ParameterDeclaration& declaration, const std::string& text) {
  const std::vector<std::string>& allowed = declaration.allowed_values;
  if (!allowed.empty() && std::find(allowed.begin(), allowed.end(), text) == allowed.end()) {
    return refused(declaration, "must be one of AllowedValues");
  }
  if (is_number_type(declaration.type)) return check_number(declaration, text);
  if (auto ok = check_length(declaration, text); !ok) return ok;
  if (declaration.allowed_pattern.empty()) return {};
  auto matches = matches_pattern(declaration.allowed_pattern, text);
  if (!matches) return matches.take_error().in("Parameter '" + declaration.name + "'");
  if (*matches) return {};
  return refused(declaration, "must match pattern " + declaration.allowed_pattern);
}

Result<> check_text(const ParameterDeclaration& declaration, const std::string& text) {
  if (text.size() > kParameterValueBytesMax) {
    return template_error("Parameter '" + declaration.name + "' is too long: at most " +
                          std::to_string(kParameterValueBytesMax) + " bytes");
  }
  if (!is_list_type(declaration.type)) return check_part(declaration, text);
  for (const std::string& part : split_commas(text)) {
    if (auto ok = check_part(declaration, part); !ok) return ok;
  }
  return {};
}

Result<> check_inputs(const Template& parsed, const std::vector<ParameterInput>& inputs,
                      const ParameterTexts* previous) {
  std::string unknown;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const ParameterInput& input = inputs[i];
    const bool is_repeated = std::any_of(inputs.begin(), inputs.begin() + i,
                                         [&](const auto& other) { return other.key == input.key; });
    if (is_repeated) return template_error("Duplicate input for parameter key " + input.key);
    if (input.use_previous_value && input.value) {
      return template_error("Invalid input for parameter key " + input.key +
                            ". Cannot specify usePreviousValue as true and non empty value for a "
                            "parameter");
    }
    if (input.use_previous_value && (!previous || !previous->count(input.key))) {
      return template_error("Invalid input for parameter key " + input.key +
                            ". Cannot specify usePreviousValue as true for a parameter key not in "
                            "the previous template");
    }
    if (!parsed.parameter(input.key)) unknown += (unknown.empty() ? "" : ", ") + input.key;
  }
  if (unknown.empty()) return {};
  return template_error("Parameters: [" + unknown + "] do not exist in the template");
}

std::optional<std::string> text_for(const ParameterDeclaration& declaration,
                                    const std::vector<ParameterInput>& inputs,
                                    const ParameterTexts* previous) {
  for (const ParameterInput& input : inputs) {
    if (input.key != declaration.name) continue;
    if (input.use_previous_value) return previous->at(input.key);
    if (input.value) return input.value;
  }
  return declaration.default_value;
}

}  // namespace

Result<ParameterTexts> resolve_parameters(const Template& parsed,
                                          const std::vector<ParameterInput>& inputs,
                                          const ParameterTexts* previous) {
  if (auto ok = check_inputs(parsed, inputs, previous); !ok) return ok.take_error();
  ParameterTexts texts;
  std::string missing;
  for (const ParameterDeclaration& declaration : parsed.parameters) {
    const auto text = text_for(declaration, inputs, previous);
    if (text) {
      texts[declaration.name] = *text;
    } else {
      missing += (missing.empty() ? "" : ", ") + declaration.name;
    }
  }
  if (!missing.empty()) return template_error("Parameters: [" + missing + "] must have values");
  for (const ParameterDeclaration& declaration : parsed.parameters) {
    if (auto ok = check_text(declaration, texts[declaration.name]); !ok) return ok.take_error();
  }
  return texts;
}

Value parameter_value(const ParameterDeclaration& declaration, const std::string& text) {
  if (!is_list_type(declaration.type)) return Value(text);
  Value::List parts;
  for (std::string& part : split_commas(text)) parts.push_back(Value(std::move(part)));
  return Value(std::move(parts));
}

}  // namespace millstream::cloudformation
