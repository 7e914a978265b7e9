#include <utility>

#include "services/lambda/configuration.h"
#include "services/lambda/function_name.h"
#include "services/lambda/operations.gen.h"
#include "services/lambda/package.h"
#include "services/lambda/service.h"
#include "services/lambda/unsupported.h"

namespace millstream::lambda::ops {
namespace {

constexpr size_t kNameCharactersMax = 64;

aws::Result<functions::Function> new_function(Service& service, const aws::RequestContext& context,
                                              const api::CreateFunctionRequest& input) {
  auto reference = read_function_name(context, input.function_name, std::nullopt);
  if (!reference) return reference.take_error();
  const functions::FunctionAddress& address = reference->address;
  if (address.account != context.account || !reference->qualifier.empty()) {
    return errors::invalid_parameter_value_exception(
        "The function's name must be one of the caller's own account, without a version.");
  }
  if (address.name.size() > kNameCharactersMax) {
    return aws::validation_error(
        "1 validation error detected: Value '" + address.name +
        "' at 'functionName' failed to satisfy constraint: Member must have length less than or "
        "equal to 64");
  }
  functions::Function function;
  function.run.account = address.account;
  function.run.region = address.region;
  function.run.name = address.name;
  function.run.arn = address.arn();
  function.run.role_arn = input.role;
  function.run.revision = service.random().uuid();
  function.description = input.description.value_or("");
  if (input.tags) function.tags = *input.tags;
  function.last_modified_ms = context.now_ms;
  return function;
}

aws::Result<> configure(const api::CreateFunctionRequest& input, functions::Function* function) {
  auto applied = apply_handler(input.runtime ? input.handler.value_or("") : "", function);
  if (applied) applied = apply_runtime(*input.runtime, function);
  if (applied && input.memory_size) applied = apply_memory_size(*input.memory_size, function);
  if (applied && input.timeout) applied = apply_timeout(*input.timeout, function);
  if (applied && input.environment) applied = apply_environment(*input.environment, function);
  if (applied && input.ephemeral_storage) {
    applied = apply_ephemeral_storage(*input.ephemeral_storage, function);
  }
  if (applied && input.architectures) {
    applied = apply_architectures(*input.architectures, function);
  }
  return applied;
}

aws::Error already_exists(const functions::Function& function) {
  return errors::resource_conflict_exception("Function already exist: " + function.run.name);
}

}  // namespace

io::Task<aws::Result<api::FunctionConfiguration>> create_function(
    Service& service, const aws::RequestContext& context, api::CreateFunctionRequest input) {
  auto refused = refuse_unsupported(input);
  if (!refused) co_return refused.take_error();
  auto made = new_function(service, context, input);
  if (!made) co_return made.take_error();
  functions::Function function = made.take();
  auto configured = configure(input, &function);
  if (!configured) co_return configured.take_error();
  const functions::FunctionAddress address = function.address();
  if (service.functions().catalogue().find(address)) co_return already_exists(function);
  if (!input.code.zip_file) {
    co_return errors::invalid_parameter_value_exception(
        "Please provide a source for function code.");
  }
  auto added = co_await add_package(service, context, "CreateFunction",
                                    std::move(*input.code.zip_file), &function);
  if (!added) co_return added.take_error();

  auto body = [&](lanes::Transaction& transaction) -> aws::Result<> {
    const std::string key = functions::function_key(address);
    auto existing = transaction.get(key);
    if (!existing) return aws::Error(existing.take_error());
    if (*existing) return already_exists(function);
    transaction.put(key, functions::to_document(function));
    return {};
  };
  auto stored = co_await service.lanes().run(context.home, service.lane_of(address), body);
  if (!stored) {
    co_await drop_package(service, context, std::move(function));
    co_return stored.take_error();
  }
  co_return describe(function);
}

}  // namespace millstream::lambda::ops
