#include "services/cloudformation/answers.h"
#include "services/cloudformation/operations.gen.h"
#include "services/cloudformation/requests.h"
#include "services/cloudformation/summary.h"

namespace millstream::cloudformation::ops {

io::Task<aws::Result<api::ValidateTemplateOutput>> validate_template(
    Service& service, const aws::RequestContext&, api::ValidateTemplateInput input) {
  if (input.template_url) co_return unsupported("TemplateURL", "templates come in TemplateBody");
  if (!input.template_body) {
    co_return validation("Either Template URL or Template Body must be specified.");
  }
  if (auto ok = check_template_body(*input.template_body); !ok) co_return ok.take_error();
  auto parsed = parse_template(*input.template_body);
  if (!parsed) co_return service_error(parsed.take_error());
  for (const ResourceDeclaration& resource : parsed->resources) {
    if (service.types().find(resource.type)) continue;
    co_return validation("Template format error: Unrecognized resource types: [" + resource.type +
                         "]");
  }
  api::ValidateTemplateOutput output;
  output.parameters.emplace();
  for (const ParameterDeclaration& parameter : parsed->parameters) {
    api::TemplateParameter declared;
    declared.parameter_key = parameter.name;
    declared.default_value = parameter.default_value;
    declared.no_echo = parameter.no_echo;
    declared.description = unless_empty(parameter.description);
    output.parameters->push_back(std::move(declared));
  }
  output.description = unless_empty(parsed->description);
  const CapabilitySummary capabilities = summarize_capabilities(*parsed, service.types());
  output.capabilities = capabilities.capabilities;
  output.capabilities_reason = capabilities.reason;
  co_return output;
}

}  // namespace millstream::cloudformation::ops
