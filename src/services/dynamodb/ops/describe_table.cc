#include "services/dynamodb/operations.gen.h"
#include "services/dynamodb/request.h"
#include "services/dynamodb/service.h"
#include "services/dynamodb/table_description.h"

namespace millstream::dynamodb::ops {

io::Task<aws::Result<api::DescribeTableOutput>> describe_table(Service& service,
                                                               const aws::RequestContext& context,
                                                               api::DescribeTableInput input) {
  auto table = find_named_table(service, context, input.table_name);
  if (!table) co_return table.take_error();
  aws::Result<Counts> counts = co_await table_counts(service, context, (*table)->id);
  if (!counts) co_return counts.take_error();
  api::DescribeTableOutput output;
  output.table = describe(**table, "ACTIVE", *counts);
  co_return output;
}

}  // namespace millstream::dynamodb::ops
