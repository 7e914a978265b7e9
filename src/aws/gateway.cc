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
  JsonExchange exchange(*table->model, *row, padded_json(json, &storage), true);
  Result<> done = co_await row->invoke(table->service, context, exchange);
  if (!done) {
    if (!done.error().detail.empty()) {
      failures_.internal_failure(context.request_id, operation, done.error().detail);
    }
    co_return done.take_error();
  }
  std::string output = exchange.take_output();
  if (output.empty()) output = "{}";
  co_return output;
}

}  // namespace millstream::aws
