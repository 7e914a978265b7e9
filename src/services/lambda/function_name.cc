#include "services/lambda/function_name.h"

#include <fmt/format.h>

#include <vector>

#include "services/lambda/api.gen.h"
#include "services/lambda/service.h"

namespace millstream::lambda {
namespace {

constexpr std::string_view kLatest = "$LATEST";

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  for (size_t colon = text.find(':'); colon != std::string_view::npos; colon = text.find(':')) {
    parts.push_back(text.substr(0, colon));
    text.remove_prefix(colon + 1);
  }
  parts.push_back(text);
  return parts;
}

bool is_account(std::string_view text) {
  return text.size() == 12 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

aws::Error function_not_found(const functions::FunctionAddress& address,
                              std::string_view qualifier) {
  std::string arn = address.arn();
  if (!qualifier.empty()) arn += fmt::format(":{}", qualifier);
  return errors::resource_not_found_exception("Function not found: " + arn);
}

aws::Result<FunctionReference> read_function_name(const aws::RequestContext& context,
                                                  std::string_view name,
                                                  const std::optional<std::string>& qualifier) {
  std::vector<std::string_view> parts = split(name);
  FunctionReference reference{{context.account, context.region, ""}, qualifier.value_or("")};
  size_t at = 0;
  if (parts.size() > 3 && parts[0] == "arn" && parts[2] == "lambda") {
    if (parts[3] != context.region) {
      return errors::invalid_parameter_value_exception(fmt::format(
          "Functions from '{}' are not reachable in this region ('{}')", parts[3], context.region));
    }
    at = 4;
  }
  if (at < parts.size() && parts.size() > at + 1 && is_account(parts[at])) {
    reference.address.account = parts[at++];
  }
  if (at + 1 < parts.size() && parts[at] == "function") ++at;
  reference.address.name = parts[at++];
  if (at < parts.size()) {
    if (qualifier && *qualifier != parts[at]) {
      return errors::invalid_parameter_value_exception(
          "The derived qualifier from the function name does not match the specified qualifier.");
    }
    reference.qualifier = parts[at];
  }
  return reference;
}

aws::Result<std::shared_ptr<const functions::Function>> find_function(
    Service& service, const aws::RequestContext& context, std::string_view name,
    const std::optional<std::string>& qualifier) {
  auto reference = read_function_name(context, name, qualifier);
  if (!reference) return reference.take_error();
  if (reference->address.account != context.account) {
    return function_not_found(reference->address, reference->qualifier);
  }
  auto function = service.functions().catalogue().find(reference->address);
  if (!function) return function_not_found(reference->address, reference->qualifier);
  if (!reference->qualifier.empty() && reference->qualifier != kLatest) {
    return function_not_found(reference->address, reference->qualifier);
  }
  return function;
}

}  // namespace millstream::lambda
