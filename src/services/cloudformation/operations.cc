#include "services/cloudformation/operations.h"

namespace millstream::cloudformation {
namespace {

Operation new_operation(Service& service, const aws::RequestContext& context, std::string kind,
                        const OperationOptions& options, const StackSettings& settings) {
  Operation operation;
  operation.id = service.random().uuid();
  operation.client_token = options.client_token;
  operation.kind = std::move(kind);
  operation.principal_arn = acting_principal(settings, context);
  operation.disable_rollback = options.disable_rollback;
  operation.delete_on_failure = options.delete_on_failure;
  return operation;
}

// Stores that a change set was executed and that the others are obsolete.
Result<> mark_change_sets(lanes::Transaction& transaction, const StackAddress& address,
                          const std::string& executed_id) {
  std::vector<ChangeSetDocument> documents;
  const std::string prefix = change_sets_prefix(address);
  auto scanned = transaction.scan(prefix, lanes::prefix_end(prefix),
                                  [&](std::string_view, std::string_view text) {
                                    auto document = decode_change_set(text);
                                    if (document) documents.push_back(document.take());
                                    return true;
                                  });
  if (!scanned) return scanned;
  for (ChangeSetDocument& document : documents) {
    const bool is_executed = change_set_id(address, document.name, document.unique) == executed_id;
    if (document.execution_status != "AVAILABLE") continue;
    document.execution_status = is_executed ? "EXECUTE_IN_PROGRESS" : "OBSOLETE";
    transaction.put(change_set_key(address, document.name, document.unique), encode(document));
  }
  return {};
}

}  // namespace

io::Task<> start_and_settle(Service& service, const aws::RequestContext& context,
                            StackAddress address) {
  constexpr int64_t kAnswerDelayUs = 1'000'000;
  service.engine().start(context.home, address);
  co_await service.engine().settled(context.home, address, kAnswerDelayUs);
}

std::string acting_principal(const StackSettings& settings, const aws::RequestContext& context) {
  constexpr std::string_view kRole = ":role/";
  const size_t at = settings.role_arn.find(kRole);
  if (at == std::string::npos) return context.principal_arn;
  return "arn:aws:sts::" + context.account + ":assumed-role/" +
         settings.role_arn.substr(at + kRole.size()) + "/AWSCloudFormation";
}

EventDocument stack_event_now(const StackDocument& stack, const std::string& event_id,
                              int64_t now_ms) {
  EventDocument event;
  event.id = event_id;
  event.logical_id = stack.address.name;
  event.physical_id = stack_id(stack.address);
  event.type = "AWS::CloudFormation::Stack";
  event.status = stack.status;
  event.status_reason = stack.status_reason;
  event.client_token = stack.operation.client_token;
  event.operation_id = stack.operation.id;
  event.timestamp_ms = now_ms;
  return event;
}

io::Task<aws::Result<StackDocument>> begin_create(Service& service,
                                                  const aws::RequestContext& context,
                                                  StackAddress address, Deployment deployment,
                                                  OperationOptions options,
                                                  std::string change_set_id) {
  constexpr int64_t kMinuteMs = 60'000;
  StackDocument stack;
  stack.address = address;
  stack.status = "CREATE_IN_PROGRESS";
  stack.status_reason = "User Initiated";
  stack.settings = deployment.settings;
  stack.disable_rollback = options.disable_rollback;
  stack.termination_protection = options.termination_protection;
  stack.timeout_minutes = options.timeout_minutes;
  stack.change_set_id = change_set_id;
  stack.operation = new_operation(service, context, "create", options, stack.settings);
  const std::string event_id = service.random().uuid();
  auto body = [&](lanes::Transaction& transaction) -> aws::Result<StackDocument> {
    auto named = load_named(transaction, address.account, address.region, address.name);
    if (!named) return aws::Error(named.take_error());
    const bool is_reviewed = *named && (*named)->status == "REVIEW_IN_PROGRESS" &&
                             (*named)->address == address && !change_set_id.empty();
    const bool is_repeated = *named && !options.client_token.empty() &&
                             (*named)->operation.kind == "create" &&
                             (*named)->operation.client_token == options.client_token;
    if (is_repeated) return std::move(**named);
    if (*named && !is_reviewed) {
      return errors::already_exists_exception("Stack [" + address.name + "] already exists");
    }
    stack.creation_ms = transaction.now_ms();
    if (is_reviewed) {
      stack.creation_ms = (*named)->creation_ms;
      stack.last_updated_ms = transaction.now_ms();
      stack.next_event = (*named)->next_event;
      auto marked = mark_change_sets(transaction, address, change_set_id);
      if (!marked) return aws::Error(marked.take_error());
    }
    if (options.timeout_minutes != 0) {
      stack.operation.deadline_ms = transaction.now_ms() + options.timeout_minutes * kMinuteMs;
    }
    transaction.put(name_key(address.account, address.region, address.name), address.unique);
    transaction.put(template_key(address, TemplateRole::kCurrent), deployment.template_body);
    store_stack(transaction, stack, {stack_event_now(stack, event_id, transaction.now_ms())});
    return stack;
  };
  auto begun =
      co_await service.store().lanes().run(context.home, service.store().lane_of(address), body);
  if (begun) co_await start_and_settle(service, context, begun->address);
  co_return begun;
}

aws::Result<> check_can_update(const StackDocument& stack) {
  const std::string& status = stack.status;
  const bool can = status == "CREATE_COMPLETE" || status == "UPDATE_COMPLETE" ||
                   status == "UPDATE_ROLLBACK_COMPLETE" || status == "UPDATE_FAILED" ||
                   (status == "CREATE_FAILED" && stack.disable_rollback);
  if (can) return {};
  return validation("Stack:" + stack_id(stack.address) + " is in " + status +
                    " state and can not be updated.");
}

io::Task<aws::Result<StackDocument>> begin_update(Service& service,
                                                  const aws::RequestContext& context,
                                                  StackDocument existing, Deployment deployment,
                                                  OperationOptions options,
                                                  std::string change_set_id) {
  const StackAddress address = existing.address;
  const Operation operation =
      new_operation(service, context, "update", options, deployment.settings);
  const std::string event_id = service.random().uuid();
  auto body = [&](lanes::Transaction& transaction) -> aws::Result<StackDocument> {
    auto stored = load_stack(transaction, address);
    if (!stored) return aws::Error(stored.take_error());
    if (!*stored) {
      return validation("Stack [" + address.name + "] does not exist");
    }
    StackDocument& stack = **stored;
    if (auto ok = check_can_update(stack); !ok) return ok.take_error();
    if (stack.operation.id != existing.operation.id) {
      return validation("Stack:" + stack_id(address) + " has changed meanwhile; try again.");
    }
    auto current = transaction.get(template_key(address, TemplateRole::kCurrent));
    if (!current) return aws::Error(current.take_error());
    transaction.put(template_key(address, TemplateRole::kPrevious), current->value_or(""));
    transaction.put(template_key(address, TemplateRole::kCurrent), deployment.template_body);
    stack.status = "UPDATE_IN_PROGRESS";
    stack.status_reason = "User Initiated";
    stack.operation = operation;
    stack.operation.previous = stack.settings;
    stack.settings = deployment.settings;
    stack.disable_rollback = options.disable_rollback;
    stack.last_updated_ms = transaction.now_ms();
    if (!change_set_id.empty()) stack.change_set_id = change_set_id;
    auto marked = mark_change_sets(transaction, address, change_set_id);
    if (!marked) return aws::Error(marked.take_error());
    store_stack(transaction, stack, {stack_event_now(stack, event_id, transaction.now_ms())});
    return std::move(stack);
  };
  auto begun =
      co_await service.store().lanes().run(context.home, service.store().lane_of(address), body);
  if (begun) co_await start_and_settle(service, context, address);
  co_return begun;
}

}  // namespace millstream::cloudformation
