#include "services/cloudformation/requests.h"

#include <algorithm>
#include <cctype>

#include "services/cloudformation/template/limits.h"

namespace millstream::cloudformation {
namespace {

aws::Error absent(AbsentStack wording, const std::string& name) {
  switch (wording) {
    case AbsentStack::kBracket:
      return validation("Stack [" + name + "] does not exist");
    case AbsentStack::kQuoted:
      return validation("Stack '" + name + "' does not exist");
    case AbsentStack::kWithId:
      break;
  }
  return validation("Stack with id " + name + " does not exist");
}

std::vector<ParameterInput> parameter_inputs(const std::vector<api::Parameter>& parameters) {
  std::vector<ParameterInput> inputs;
  for (const api::Parameter& parameter : parameters) {
    inputs.push_back({parameter.parameter_key.value_or(""), parameter.parameter_value,
                      parameter.use_previous_value.value_or(false)});
  }
  return inputs;
}

bool holds(const std::vector<std::string>& texts, const std::string& text) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

aws::Result<> check_capabilities(const Template& parsed, const TypeRegistry& types,
                                 const std::vector<std::string>& given) {
  const std::string needed = needed_capability(parsed, types).capability;
  if (needed.empty() || holds(given, needed) || holds(given, "CAPABILITY_NAMED_IAM")) return {};
  return errors::insufficient_capabilities_exception("Requires capabilities : [" + needed + "]");
}

StackSettings make_settings(const Template& parsed, ParameterTexts parameters,
                            const DeployRequest& request, const StackDocument* existing) {
  StackSettings settings;
  settings.parameters = std::move(parameters);
  for (const ParameterDeclaration& parameter : parsed.parameters) {
    if (parameter.no_echo) settings.hidden_parameters.push_back(parameter.name);
  }
  settings.capabilities = request.capabilities;
  settings.description = parsed.description;
  if (existing) {
    settings.tags = existing->settings.tags;
    settings.role_arn = existing->settings.role_arn;
  }
  if (request.tags) settings.tags = *request.tags;
  if (request.role_arn) settings.role_arn = *request.role_arn;
  return settings;
}

}  // namespace

aws::Error validation(std::string message) {
  return {"ValidationError", 400, std::move(message)};
}

aws::Error service_error(Error error) {
  if (error.code == ErrorCode::kInvalidArgument) return validation(std::move(error.message));
  return aws::Error(std::move(error));
}

aws::Error unsupported(std::string_view parameter, std::string_view why) {
  aws::Error error = aws::unsupported_parameter(parameter, why);
  error.type = "ValidationError";
  return error;
}

io::Task<aws::Result<StackDocument>> find_stack(Service& service,
                                                const aws::RequestContext& context,
                                                std::string name_or_id, AbsentStack wording) {
  std::optional<StackDocument> found;
  const auto address = parse_stack_id(name_or_id);
  if (address && (address->account != context.account || address->region != context.region)) {
    co_return absent(wording, name_or_id);
  }
  if (address) {
    auto stack = co_await service.store().stack(context.home, *address);
    if (!stack) co_return aws::Error(stack.take_error());
    found = stack.take();
  } else {
    auto stack =
        co_await service.store().named(context.home, context.account, context.region, name_or_id);
    if (!stack) co_return aws::Error(stack.take_error());
    found = stack.take();
  }
  if (!found) co_return absent(wording, name_or_id);
  co_return std::move(*found);
}

io::Task<aws::Result<std::string>> current_template(Service& service,
                                                    const aws::RequestContext& context,
                                                    std::string name_or_id) {
  auto stack = co_await find_stack(service, context, std::move(name_or_id), AbsentStack::kWithId);
  if (!stack) co_return stack.take_error();
  auto body =
      co_await service.store().template_body(context.home, stack->address, TemplateRole::kCurrent);
  if (!body) co_return aws::Error(body.take_error());
  co_return body->value_or("");
}

io::Task<aws::Result<Deployment>> prepare(Service& service, const aws::RequestContext& context,
                                          DeployRequest request, StackAddress address,
                                          const StackDocument* existing) {
  std::vector<ResourceDocument> resources;
  if (existing) {
    auto stored = co_await service.store().resources(context.home, existing->address);
    if (!stored) co_return aws::Error(stored.take_error());
    resources = stored.take();
  }
  if (request.use_previous_template && existing) {
    auto body = co_await service.store().template_body(context.home, existing->address,
                                                       TemplateRole::kCurrent);
    if (!body) co_return aws::Error(body.take_error());
    request.template_body = *body;
  }
  if (!request.template_body) {
    co_return validation("Either Template URL or Template Body must be specified.");
  }
  if (auto ok = check_template_body(*request.template_body); !ok) co_return ok.take_error();
  auto parsed = parse_template(*request.template_body);
  if (!parsed) co_return service_error(parsed.take_error());
  auto parameters = resolve_parameters(*parsed, parameter_inputs(request.parameters),
                                       existing ? &existing->settings.parameters : nullptr);
  if (!parameters) co_return service_error(parameters.take_error());
  auto exports = co_await service.store().exports(context.home, address.account, address.region);
  if (!exports) co_return aws::Error(exports.take_error());
  const PlanInput input{*parsed, *parameters, address, resources, *exports, service.types()};
  auto plan = make_plan(input);
  if (!plan) co_return service_error(plan.take_error());
  auto capable = check_capabilities(*parsed, service.types(), request.capabilities);
  if (!capable) co_return capable.take_error();
  Deployment deployment;
  deployment.settings = make_settings(*parsed, parameters.take(), request, existing);
  deployment.template_body = std::move(*request.template_body);
  deployment.plan = plan.take();
  co_return deployment;
}

bool changes_nothing(const Deployment& deployment, const StackDocument& existing) {
  return deployment.plan.changes.empty() && deployment.plan.outputs == existing.outputs &&
         deployment.settings.tags == existing.settings.tags;
}

io::Task<aws::Result<>> check_exports_unused(Service& service, const aws::RequestContext& context,
                                             StackAddress address, std::vector<std::string> names) {
  if (names.empty()) co_return aws::Result<>();
  auto stacks = co_await service.store().stacks(context.home, address.account, address.region);
  if (!stacks) co_return aws::Error(stacks.take_error());
  for (const StackDocument& stack : *stacks) {
    if (stack.deletion_ms != 0 || stack.address == address) continue;
    for (const std::string& name : stack.imports) {
      if (!holds(names, name)) continue;
      co_return validation("Export " + name + " cannot be deleted as it is in use by " +
                           stack.address.name);
    }
  }
  co_return aws::Result<>();
}

aws::Result<> check_stack_name(const std::string& name) {
  constexpr size_t kStackNameMax = 128;
  const std::string start = "1 validation error detected: Value '" + name +
                            "' at 'stackName' failed to satisfy constraint: Member must ";
  const bool is_well_formed = !name.empty() && std::isalpha(static_cast<unsigned char>(name[0])) &&
                              std::all_of(name.begin(), name.end(), [](char c) {
                                return std::isalnum(static_cast<unsigned char>(c)) || c == '-';
                              });
  if (!is_well_formed) {
    return validation(start + "satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*");
  }
  if (name.size() > kStackNameMax) {
    return validation(start + "have length less than or equal to 128");
  }
  return {};
}

aws::Result<> check_template_body(const std::string& body) {
  if (body.size() <= kTemplateBodyBytesMax) return {};
  return validation("1 validation error detected: Value '" + body +
                    "' at 'templateBody' failed to satisfy constraint: Member must have length "
                    "less than or equal to 51200");
}

aws::Result<Tags> read_tags(const std::optional<std::vector<api::Tag>>& tags) {
  Tags read;
  if (!tags) return read;
  for (const api::Tag& tag : *tags) {
    if (tag.key.starts_with("aws:")) {
      return validation("aws: prefixed tag key names are not allowed for external use.");
    }
    const bool is_repeated = std::any_of(
        read.begin(), read.end(), [&tag](const auto& other) { return other.first == tag.key; });
    if (is_repeated) return validation("Duplicate tag key: " + tag.key);
    read.emplace_back(tag.key, tag.value);
  }
  return read;
}

}  // namespace millstream::cloudformation
