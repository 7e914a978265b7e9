#include "services/dynamodb/operations.gen.h"
#include "services/dynamodb/service.h"

namespace millstream::dynamodb::ops {

io::Task<aws::Result<api::ListTablesOutput>> list_tables(Service& service,
                                                         const aws::RequestContext& context,
                                                         api::ListTablesInput input) {
  constexpr int32_t kLimitDefault = 100;
  const auto limit = static_cast<size_t>(input.limit.value_or(kLimitDefault));
  std::vector<std::string> names = service.catalogue().names(
      context.account, context.region, input.exclusive_start_table_name.value_or(""), limit + 1);
  api::ListTablesOutput output;
  if (names.size() > limit) {
    names.resize(limit);
    output.last_evaluated_table_name = names.back();
  }
  output.table_names = std::move(names);
  co_return output;
}

}  // namespace millstream::dynamodb::ops
