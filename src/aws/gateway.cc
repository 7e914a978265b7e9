#include "aws/gateway.h"

#include "aws/json/exchange.h"
#include "aws/service_registry.h"

namespace millstream::aws {

io::Task<Result<std::string>> RegistryGateway::call(const RequestContext& context,
                                                    std::string service, std::string operation,
                                                    std::string json) {
  const ServiceTable* table = registry_.find(service);
  const OperationRow* row = table ? find_operation(*table->model, operation) : nullptr;
  if (!row) co_return internal_failure("the gateway knows no " + service + "." + operation);
  if (!row->invoke) co_return not_implemented(table->model->title, operation);
  std::string storage;
  Result<std::string> output =
      co_await run_json_operation(*table, *row, context, padded_json(json, &storage), true);
  if (!output && !output.error().detail.empty()) {
    failures_.internal_failure(context.request_id, operation, output.error().detail);
  }
  if (output && output->empty()) *output = "{}";
  co_return output;
}

}  // namespace millstream::aws
