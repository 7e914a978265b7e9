#pragma once

#include <utility>

#include "services/dynamodb/capacity.h"
#include "services/dynamodb/item_key.h"
#include "services/dynamodb/page_reader.h"
#include "services/dynamodb/read_request.h"
#include "services/dynamodb/request.h"

namespace millstream::dynamodb {

// What Query and Scan answer with a page: counts, where the next page starts, capacity and, unless
// only counts were asked for, the projected items. Takes the page's items.
template <class Output, class Input>
Output answer_page(const Table& table, const ReadRules& rules, const Input& input, Page page) {
  Output output;
  output.count = page.count;
  output.scanned_count = page.scanned;
  if (page.last) output.last_evaluated_key = key_of_item(table, *page.last);
  output.consumed_capacity =
      consumed_capacity(input.return_consumed_capacity, table.address.name,
                        read_units(page.bytes, input.consistent_read.value_or(false)));
  if (!rules.counts_only) {
    output.items.emplace();
    for (Item& item : page.items) {
      output.items->push_back(projected(rules.projection, std::move(item)));
    }
  }
  return output;
}

// Query and Scan from the request to the answer; they differ in their rules and ranges
// (read_request.h).
template <class Output, class Input>
io::Task<aws::Result<Output>> answer_read(Service& service, const aws::RequestContext& context,
                                          Input input) {
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
  aws::Result<PageQuery> range = read_range(**table, *rules, input);
  if (!range) co_return range.take_error();
  range->filter = rules->filter ? &*rules->filter : nullptr;
  range->keep_items = !rules->counts_only;
  aws::Result<Page> page = co_await read_page(service, context, range.take());
  if (!page) co_return page.take_error();
  co_return answer_page<Output>(**table, *rules, input, page.take());
}

}  // namespace millstream::dynamodb
