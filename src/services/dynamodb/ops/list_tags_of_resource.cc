#include "services/dynamodb/operations.gen.h"
#include "services/dynamodb/service.h"
#include "services/dynamodb/table_tags.h"

namespace millstream::dynamodb::ops {

// A table has at most 50 tags: they always fit one page, so no token is ever given.
io::Task<aws::Result<api::ListTagsOfResourceOutput>> list_tags_of_resource(
    Service& service, const aws::RequestContext& context, api::ListTagsOfResourceInput input) {
  if (input.next_token) co_return aws::validation_error("Invalid NextToken");
  auto table = find_resource(service, context, input.resource_arn);
  if (!table) co_return table.take_error();
  api::ListTagsOfResourceOutput output;
  output.tags.emplace();
  for (const auto& [key, value] : (*table)->tags) output.tags->push_back({key, value});
  co_return output;
}

}  // namespace millstream::dynamodb::ops
