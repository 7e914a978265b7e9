#include "services/dynamodb/page_reader.h"

#include <algorithm>

#include "services/dynamodb/limits.h"
#include "services/dynamodb/model/item_codec.h"
#include "services/dynamodb/model/item_size.h"
#include "services/dynamodb/service.h"

namespace millstream::dynamodb {
namespace {

constexpr size_t kEntriesMax = 1000;  // of one reading of the state

bool is_full(const PageQuery& query, const Page& page) {
  return page.bytes >= kPageBytesMax || (query.limit && page.scanned >= *query.limit);
}

size_t entries_wanted(const PageQuery& query, const Page& page) {
  if (!query.limit) return kEntriesMax;
  return std::min<size_t>(kEntriesMax, static_cast<size_t>(*query.limit - page.scanned));
}

Result<> look_at(const PageQuery& query, std::string_view stored, Page* page) {
  Result<Item> item = decode_item(stored);
  if (!item) return item.take_error();
  ++page->scanned;
  page->bytes += item_size(*item);
  const bool passed = query.filter == nullptr || query.filter->holds(*item);
  if (passed) ++page->count;
  const bool kept = passed && query.keep_items;
  if (is_full(query, *page)) page->last = kept ? *item : item.take();
  if (kept) page->items.push_back(item.take());
  return {};
}

}  // namespace

io::Task<aws::Result<Page>> read_page(Service& service, const aws::RequestContext& context,
                                      PageQuery query) {
  Page page;
  bool more = query.from < query.to;
  while (more && !is_full(query, page)) {
    auto entries =
        co_await service.lanes().scan(context.home, query.from, query.to,
                                      entries_wanted(query, page), kPageBytesMax, query.reverse);
    if (!entries) co_return aws::Error(entries.take_error());
    for (const auto& [key, stored] : entries->entries) {
      Result<> looked = look_at(query, stored, &page);
      if (!looked) co_return aws::Error(looked.take_error());
      if (is_full(query, page)) break;
    }
    more = entries->more && !entries->entries.empty();
    if (!more) break;
    if (query.reverse) {
      query.to = entries->entries.back().first;
    } else {
      query.from = entries->entries.back().first + '\0';
    }
  }
  co_return page;
}

}  // namespace millstream::dynamodb
