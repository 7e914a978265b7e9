#include "services/lambda/event_source_mapping.h"
#include "services/lambda/operations.gen.h"
#include "services/lambda/service.h"

namespace millstream::lambda::ops {

io::Task<aws::Result<api::EventSourceMappingConfiguration>> get_event_source_mapping(
    Service& service, const aws::RequestContext& context, api::GetEventSourceMappingRequest input) {
  const auto mapping = service.triggers().find(context.account, context.region, input.uuid);
  if (!mapping) co_return no_such_mapping();
  co_return describe(*mapping);
}

}  // namespace millstream::lambda::ops
