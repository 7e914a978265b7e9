#pragma once

#include <utility>

#include "services/dynamodb/capacity.h"
#include "services/dynamodb/item_key.h"
#include "services/dynamodb/read_request.h"

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

}  // namespace millstream::dynamodb
