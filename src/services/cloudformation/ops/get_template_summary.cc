#include <algorithm>

#include "services/cloudformation/answers.h"
#include "services/cloudformation/operations.gen.h"
#include "services/cloudformation/requests.h"
#include "services/cloudformation/summary.h"
#include "services/cloudformation/template/json.h"

namespace millstream::cloudformation::ops {
namespace {

io::Task<aws::Result<std::string>> wanted_body(Service& service, const aws::RequestContext& context,
                                               api::GetTemplateSummaryInput input) {
  if (input.template_body && input.stack_name) {
    co_return validation("Only one of StackName and TemplateBody can be specified.");
  }
  if (input.template_body) co_return std::move(*input.template_body);
  if (!input.stack_name) {
    co_return validation("Either StackName or TemplateBody must be specified.");
  }
  auto body = co_await current_template(service, context, std::move(*input.stack_name));
  co_return body;
}

api::ParameterDeclaration to_declaration(const ParameterDeclaration& parameter) {
  api::ParameterDeclaration declaration;
  declaration.parameter_key = parameter.name;
  declaration.default_value = parameter.default_value;
  declaration.parameter_type = parameter.type;
  declaration.no_echo = parameter.no_echo;
  declaration.description = unless_empty(parameter.description);
  api::ParameterConstraints constraints;
  if (!parameter.allowed_values.empty()) constraints.allowed_values = parameter.allowed_values;
  declaration.parameter_constraints = std::move(constraints);
  return declaration;
}

std::vector<std::string> resource_types(const Template& parsed) {
  std::vector<std::string> types;
  for (const ResourceDeclaration& resource : parsed.resources) {
    if (std::find(types.begin(), types.end(), resource.type) == types.end()) {
      types.push_back(resource.type);
    }
  }
  return types;
}

}  // namespace

io::Task<aws::Result<api::GetTemplateSummaryOutput>> get_template_summary(
    Service& service, const aws::RequestContext& context, api::GetTemplateSummaryInput input) {
  if (input.template_url) co_return unsupported("TemplateURL", "templates come in TemplateBody");
  if (input.stack_set_name) co_return unsupported("StackSetName", "there are no stack sets");
  if (input.call_as) co_return unsupported("CallAs", "there are no stack sets");
  if (input.template_summary_config) co_return unsupported("TemplateSummaryConfig", "");
  auto body = co_await wanted_body(service, context, std::move(input));
  if (!body) co_return body.take_error();
  if (auto ok = check_template_body(*body); !ok) co_return ok.take_error();
  auto parsed = parse_template(*body);
  if (!parsed) co_return service_error(parsed.take_error());
  api::GetTemplateSummaryOutput output;
  output.parameters.emplace();
  for (const ParameterDeclaration& parameter : parsed->parameters) {
    output.parameters->push_back(to_declaration(parameter));
  }
  output.description = unless_empty(parsed->description);
  output.resource_types = resource_types(*parsed);
  output.version = unless_empty(parsed->version);
  if (!parsed->metadata.is_null()) output.metadata = write_json(parsed->metadata);
  const CapabilitySummary capabilities = summarize_capabilities(*parsed, service.types());
  output.capabilities = capabilities.capabilities;
  output.capabilities_reason = capabilities.reason;
  co_return output;
}

}  // namespace millstream::cloudformation::ops
