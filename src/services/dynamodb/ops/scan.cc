#include "services/dynamodb/operations.gen.h"
#include "services/dynamodb/read_answer.h"
#include "services/dynamodb/read_request.h"
#include "services/dynamodb/service.h"

namespace millstream::dynamodb::ops {

io::Task<aws::Result<api::ScanOutput>> scan(Service& service, const aws::RequestContext& context,
                                            api::ScanInput input) {
  aws::Result<> name = check_table_name(input.table_name, 1);
  if (!name) co_return name.take_error();
  aws::Result<ReadRules> rules = read_rules(input);
  if (!rules) co_return rules.take_error();
  auto table = find_table(service, context, input.table_name);
  if (!table) co_return table.take_error();
  if (input.index_name) {
    co_return aws::validation_error("The table does not have the specified index: " +
                                    *input.index_name);
  }
  aws::Result<PageQuery> range = scan_range(**table, input);
  if (!range) co_return range.take_error();
  range->filter = rules->filter ? &*rules->filter : nullptr;
  range->keep_items = !rules->counts_only;
  aws::Result<Page> page = co_await read_page(service, context, range.take());
  if (!page) co_return page.take_error();
  co_return answer_page<api::ScanOutput>(**table, *rules, input, page.take());
}

}  // namespace millstream::dynamodb::ops
