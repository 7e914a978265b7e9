#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aws/error.h"
#include "aws/request_context.h"
#include "io/task.h"
#include "services/dynamodb/item_reader.h"
#include "services/dynamodb/model/condition.h"

namespace millstream::dynamodb {

// A range of item keys, and what is wanted of the items in it.
struct PageQuery {
  std::string from;
  std::string to;  // behind the last
  bool reverse = false;
  const Condition* filter = nullptr;  // nullptr: all
  bool keep_items = true;             // false: only count them
  std::optional<int32_t> limit;       // of items looked at
};

struct Page {
  std::vector<Item> items;   // those that passed the filter, whole
  int32_t count = 0;         // how many passed
  int32_t scanned = 0;       // how many were looked at
  size_t bytes = 0;          // of the items looked at
  std::optional<Item> last;  // the last one looked at, when the page ended before its range
};

// Looks at items from the beginning of the range until its end, the limit, or kPageBytesMax.
io::Task<aws::Result<Page>> read_page(Service& service, const aws::RequestContext& context,
                                      PageQuery query);

}  // namespace millstream::dynamodb
