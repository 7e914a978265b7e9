#pragma once

#include <string>

#include "services/cloudformation/requests.h"

namespace millstream::cloudformation {

// The choices that come with an operation on a stack.
struct OperationOptions {
  std::string client_token;
  bool disable_rollback = false;
  bool delete_on_failure = false;
  int32_t timeout_minutes = 0;
  bool termination_protection = false;
};

// Begins to make a stack: stores it with status CREATE_IN_PROGRESS and starts the engine. The stack
// is new, or the one reviewed (then `reviewed` holds it and `change_set_id` what is executed).
// Gives the stack as it was stored. Fails with AlreadyExistsException when the name is taken.
io::Task<aws::Result<StackDocument>> begin_create(Service& service,
                                                  const aws::RequestContext& context,
                                                  StackAddress address, Deployment deployment,
                                                  OperationOptions options,
                                                  std::string change_set_id);

// Begins to update a stack: as begin_create, with status UPDATE_IN_PROGRESS. `existing` is what the
// deployment was prepared for; fails when the stack has changed since.
io::Task<aws::Result<StackDocument>> begin_update(Service& service,
                                                  const aws::RequestContext& context,
                                                  StackDocument existing, Deployment deployment,
                                                  OperationOptions options,
                                                  std::string change_set_id);

// Starts the engine on a stack and gives it a moment to finish before the answer goes out.
io::Task<> start_and_settle(Service& service, const aws::RequestContext& context,
                            StackAddress address);

// Fails unless a stack of that status can be updated.
aws::Result<> check_can_update(const StackDocument& stack);

// An event of the stack itself, with the status that it has now.
EventDocument stack_event_now(const StackDocument& stack, const std::string& event_id,
                              int64_t now_ms);

// Who a stack's calls are made as: its role, or whoever asked.
std::string acting_principal(const StackSettings& settings, const aws::RequestContext& context);

}  // namespace millstream::cloudformation
