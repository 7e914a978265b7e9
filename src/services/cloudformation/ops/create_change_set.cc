#include "services/cloudformation/change_sets.h"
#include "services/cloudformation/operations.gen.h"
#include "services/cloudformation/operations.h"

namespace millstream::cloudformation::ops {
namespace {

constexpr std::string_view kNoChanges =
    "The submitted information didn't contain changes. Submit different information to create a "
    "change set.";

aws::Result<> check_supported(const api::CreateChangeSetInput& input) {
  if (input.resources_to_import) return unsupported("ResourcesToImport", "");
  if (input.import_existing_resources.value_or(false)) {
    return unsupported("ImportExistingResources", "");
  }
  if (input.include_nested_stacks.value_or(false)) {
    return unsupported("IncludeNestedStacks", "there are no nested stacks");
  }
  if (input.deployment_mode) return unsupported("DeploymentMode", "");
  if (input.change_set_type == "IMPORT") return unsupported("ChangeSetType", "IMPORT isn't built");
  return {};
}

// What the change set is made for: the stack that the request names, if it is there.
io::Task<aws::Result<std::optional<StackDocument>>> target_stack(Service& service,
                                                                 const aws::RequestContext& context,
                                                                 std::string name, std::string type,
                                                                 std::string change_set_name) {
  auto found = co_await find_stack(service, context, name, AbsentStack::kBracket);
  if (type == "UPDATE") {
    if (!found) co_return found.take_error();
    if (auto ok = check_can_update(*found); !ok) co_return ok.take_error();
    co_return std::optional<StackDocument>(found.take());
  }
  if (!found && found.error().type != "ValidationError") co_return found.take_error();
  if (!found) {
    if (auto ok = check_stack_name(name); !ok) co_return ok.take_error();
    co_return std::optional<StackDocument>();
  }
  if (found->status != "REVIEW_IN_PROGRESS") {
    co_return validation("Stack [" + name +
                         "] already exists and cannot be created again with the "
                         "changeSet [" +
                         change_set_name + "].");
  }
  co_return std::optional<StackDocument>(found.take());
}

ChangeSetDocument make_document(Service& service, const aws::RequestContext& context,
                                const api::CreateChangeSetInput& input, Deployment deployment,
                                const StackDocument* updated) {
  ChangeSetDocument document;
  document.name = input.change_set_name;
  document.unique = service.random().uuid();
  document.description = input.description.value_or("");
  document.type = input.change_set_type.value_or("UPDATE");
  document.client_token = input.client_token.value_or("");
  document.on_stack_failure = input.on_stack_failure.value_or("");
  document.creation_ms = context.now_ms;
  document.status = "CREATE_COMPLETE";
  document.execution_status = "AVAILABLE";
  if (updated && changes_nothing(deployment, *updated)) {
    document.status = "FAILED";
    document.status_reason = kNoChanges;
    document.execution_status = "UNAVAILABLE";
  }
  document.changes = changes_of(deployment.plan);
  document.settings = std::move(deployment.settings);
  document.template_body = std::move(deployment.template_body);
  return document;
}

// A stack that is only reviewed so far.
StackDocument reviewed_stack(Service& service, const StackAddress& address,
                             const ChangeSetDocument& change_set) {
  StackDocument stack;
  stack.address = address;
  stack.status = "REVIEW_IN_PROGRESS";
  stack.status_reason = "User Initiated";
  stack.creation_ms = change_set.creation_ms;
  stack.settings.description = change_set.settings.description;
  stack.operation.id = service.random().uuid();
  stack.operation.kind = "review";
  return stack;
}

io::Task<aws::Result<std::string>> store_change_set(Service& service,
                                                    const aws::RequestContext& context,
                                                    StackAddress address, bool is_new_stack,
                                                    ChangeSetDocument document) {
  StackDocument stack = reviewed_stack(service, address, document);
  const std::string event_id = service.random().uuid();
  auto body = [&](lanes::Transaction& transaction) -> aws::Result<std::string> {
    std::vector<ChangeSetDocument> others;
    const std::string prefix = change_sets_prefix(address) + document.name + "/";
    auto scanned = transaction.scan(prefix, lanes::prefix_end(prefix),
                                    [&](std::string_view, std::string_view text) {
                                      auto other = decode_change_set(text);
                                      if (other) others.push_back(other.take());
                                      return true;
                                    });
    if (!scanned) return aws::Error(scanned.take_error());
    for (const ChangeSetDocument& other : others) {
      if (!document.client_token.empty() && other.client_token == document.client_token) {
        return other.unique;
      }
      return errors::already_exists_exception("ChangeSet " + document.name +
                                              " cannot be created due to a mismatch with existing "
                                              "attribute Name");
    }
    if (is_new_stack) {
      auto named = load_named(transaction, address.account, address.region, address.name);
      if (!named) return aws::Error(named.take_error());
      if (*named) {
        return errors::already_exists_exception("Stack [" + address.name + "] already exists");
      }
      transaction.put(name_key(address.account, address.region, address.name), address.unique);
      store_stack(transaction, stack, {stack_event_now(stack, event_id, transaction.now_ms())});
    }
    transaction.put(change_set_key(address, document.name, document.unique), encode(document));
    return document.unique;
  };
  auto stored =
      co_await service.store().lanes().run(context.home, service.store().lane_of(address), body);
  co_return stored;
}

}  // namespace

io::Task<aws::Result<api::CreateChangeSetOutput>> create_change_set(
    Service& service, const aws::RequestContext& context, api::CreateChangeSetInput input) {
  if (auto ok = check_supported(input); !ok) co_return ok.take_error();
  auto request = read_deploy_request(input);
  if (!request) co_return request.take_error();
  request->use_previous_template = input.use_previous_template.value_or(false);
  const std::string type = input.change_set_type.value_or("UPDATE");
  auto target =
      co_await target_stack(service, context, input.stack_name, type, input.change_set_name);
  if (!target) co_return target.take_error();
  const StackAddress address = *target ? (*target)->address
                                       : StackAddress{context.account, context.region,
                                                      input.stack_name, service.random().uuid()};
  const StackDocument* updated = type == "UPDATE" ? &target->value() : nullptr;
  auto deployment = co_await prepare(service, context, request.take(), address, updated);
  if (!deployment) co_return deployment.take_error();
  ChangeSetDocument document = make_document(service, context, input, deployment.take(), updated);
  auto unique = co_await store_change_set(service, context, address, !target->has_value(),
                                          std::move(document));
  if (!unique) co_return unique.take_error();
  api::CreateChangeSetOutput output;
  output.id = change_set_id(address, input.change_set_name, *unique);
  output.stack_id = stack_id(address);
  co_return output;
}

}  // namespace millstream::cloudformation::ops
