#include "services/lambda/event_source_mapping.h"
#include "services/lambda/operations.gen.h"
#include "services/lambda/service.h"

namespace millstream::lambda::ops {

io::Task<aws::Result<api::EventSourceMappingConfiguration>> delete_event_source_mapping(
    Service& service, const aws::RequestContext& context,
    api::DeleteEventSourceMappingRequest input) {
  triggers::Engine& triggers = service.triggers();
  const auto active = triggers.find(context.account, context.region, input.uuid);
  if (!active) co_return no_such_mapping();
  auto removed =
      co_await triggers.remove(context.home, context.account, context.region, input.uuid);
  if (!removed) co_return aws::Error(removed.take_error());
  if (!removed->mapping) co_return no_such_mapping();
  co_return describe(*removed->mapping, "Deleting", active->last_result());
}

}  // namespace millstream::lambda::ops
