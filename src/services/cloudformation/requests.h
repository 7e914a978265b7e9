#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aws/error.h"
#include "aws/request_context.h"
#include "io/task.h"
#include "services/cloudformation/api.gen.h"
#include "services/cloudformation/plan.h"
#include "services/cloudformation/service.h"

namespace millstream::cloudformation {

// ValidationError, CloudFormation's error for nearly everything.
aws::Error validation(std::string message);
// What a template or a plan refuses is a ValidationError; everything else an internal failure.
aws::Error service_error(Error error);
// A parameter that Millstream knows but hasn't built.
aws::Error unsupported(std::string_view parameter, std::string_view why);

// How the operations word that there is no such stack.
enum class AbsentStack {
  kWithId,   // Stack with id X does not exist
  kBracket,  // Stack [X] does not exist
  kQuoted,   // Stack 'X' does not exist
};
// The stack that a request names: by its name, unless it is deleted, or by its identifier.
io::Task<aws::Result<StackDocument>> find_stack(Service& service,
                                                const aws::RequestContext& context,
                                                std::string name_or_id, AbsentStack wording);
// The template of a stack that a request names in the same way; empty if it has none yet.
io::Task<aws::Result<std::string>> current_template(Service& service,
                                                    const aws::RequestContext& context,
                                                    std::string name_or_id);

// What a request wants of a stack: the members that CreateStack, UpdateStack and CreateChangeSet
// share.
struct DeployRequest {
  std::optional<std::string> template_body;
  bool use_previous_template = false;
  std::vector<api::Parameter> parameters;
  std::vector<std::string> capabilities;
  std::optional<Tags> tags;
  std::optional<std::string> role_arn;
};

// A request worked out and found possible.
struct Deployment {
  std::string template_body;
  StackSettings settings;
  Plan plan;
};

// Reads the template, resolves the parameters, checks the capabilities and plans. `existing` is
// nullptr for a new stack (or one that was only reviewed). Changes nothing.
io::Task<aws::Result<Deployment>> prepare(Service& service, const aws::RequestContext& context,
                                          DeployRequest request, StackAddress address,
                                          const StackDocument* existing);

// Whether a deployment of an existing stack would change nothing.
bool changes_nothing(const Deployment& deployment, const StackDocument& existing);

// Fails when one of `names`, exports of the stack, is imported by another stack.
io::Task<aws::Result<>> check_exports_unused(Service& service, const aws::RequestContext& context,
                                             StackAddress address, std::vector<std::string> names);

aws::Result<> check_stack_name(const std::string& name);
// Of a template given with a request.
aws::Result<> check_template_body(const std::string& body);
aws::Result<Tags> read_tags(const std::optional<std::vector<api::Tag>>& tags);

// Takes the shared members from an operation's input and refuses those that aren't built.
template <class Input>
aws::Result<DeployRequest> read_deploy_request(const Input& input) {
  if (input.template_url) return unsupported("TemplateURL", "templates come in TemplateBody");
  if (input.resource_types) return unsupported("ResourceTypes", "");
  if (input.deployment_config) return unsupported("DeploymentConfig", "");
  if (input.disable_validation.value_or(false)) return unsupported("DisableValidation", "");
  if (input.notification_arns && !input.notification_arns->empty()) {
    return unsupported("NotificationARNs", "there are no SNS topics");
  }
  if (input.rollback_configuration && input.rollback_configuration->rollback_triggers &&
      !input.rollback_configuration->rollback_triggers->empty()) {
    return unsupported("RollbackConfiguration", "there are no alarms");
  }
  DeployRequest request;
  request.template_body = input.template_body;
  request.role_arn = input.role_arn;
  if (input.parameters) request.parameters = *input.parameters;
  if (input.capabilities) request.capabilities = *input.capabilities;
  if (input.tags) {
    auto tags = read_tags(input.tags);
    if (!tags) return tags.take_error();
    request.tags = tags.take();
  }
  return request;
}

}  // namespace millstream::cloudformation
