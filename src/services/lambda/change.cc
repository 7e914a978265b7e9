#include "services/lambda/change.h"

#include <utility>

#include "services/lambda/api.gen.h"
#include "services/lambda/function_name.h"
#include "services/lambda/service.h"

namespace millstream::lambda {
namespace {

aws::Error other_revision() {
  return errors::precondition_failed_exception(
      "The Revision Id provided does not match the latest Revision Id. Call the "
      "GetFunction/GetAlias API to retrieve the latest Revision Id");
}

}  // namespace

io::Task<aws::Result<functions::Function>> change_function(
    Service& service, const aws::RequestContext& context, functions::FunctionAddress address,
    std::optional<std::string> revision,
    std::function<aws::Result<>(functions::Function*)> change) {
  const std::string next_revision = service.random().uuid();
  auto body = [&](lanes::Transaction& transaction) -> aws::Result<functions::Function> {
    const std::string key = functions::function_key(address);
    auto found = functions::get_function(transaction, address);
    if (!found) return aws::Error(found.take_error());
    if (!*found) return function_not_found(address);
    functions::Function function = std::move(**found);
    if (revision && *revision != function.run.revision) return other_revision();
    const std::string old_code = function.run.code_id;
    if (auto changed = change(&function); !changed) return changed.take_error();
    function.run.revision = next_revision;
    function.last_modified_ms = context.now_ms;
    if (function.run.code_id != old_code) {
      auto erased = functions::CodeStore::erase(transaction, address, old_code);
      if (!erased) return aws::Error(erased.take_error());
    }
    transaction.put(key, functions::to_document(function));
    return function;
  };
  auto changed = co_await service.lanes().run(context.home, service.lane_of(address), body);
  co_return changed;
}

}  // namespace millstream::lambda
