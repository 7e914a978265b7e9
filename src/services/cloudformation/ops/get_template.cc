#include "services/cloudformation/change_sets.h"
#include "services/cloudformation/operations.gen.h"

namespace millstream::cloudformation::ops {
namespace {

io::Task<aws::Result<std::string>> stored_body(Service& service, const aws::RequestContext& context,
                                               api::GetTemplateInput input) {
  if (input.change_set_name) {
    auto found =
        co_await find_change_set(service, context, *input.change_set_name, input.stack_name);
    if (!found) co_return found.take_error();
    co_return std::move(found->change_set.template_body);
  }
  if (!input.stack_name) {
    co_return validation("Either StackName or ChangeSetName must be specified.");
  }
  auto body = co_await current_template(service, context, std::move(*input.stack_name));
  co_return body;
}

}  // namespace

// Without transforms the processed template is the original one.
io::Task<aws::Result<api::GetTemplateOutput>> get_template(Service& service,
                                                           const aws::RequestContext& context,
                                                           api::GetTemplateInput input) {
  auto body = co_await stored_body(service, context, std::move(input));
  if (!body) co_return body.take_error();
  api::GetTemplateOutput output;
  output.template_body = body.take();
  output.stages_available = std::vector<std::string>{"Original", "Processed"};
  co_return output;
}

}  // namespace millstream::cloudformation::ops
