#include "services/cloudformation/operations.gen.h"
#include "services/cloudformation/pages.h"

namespace millstream::cloudformation::ops {
namespace {

constexpr size_t kPageSize = 100;

}  // namespace

io::Task<aws::Result<api::ListExportsOutput>> list_exports(Service& service,
                                                           const aws::RequestContext& context,
                                                           api::ListExportsInput input) {
  auto exports = co_await service.store().exports(context.home, context.account, context.region);
  if (!exports) co_return aws::Error(exports.take_error());
  std::vector<api::Export> all;
  for (const auto& [name, exported] : *exports) {
    all.push_back({.exporting_stack_id = exported.stack_id, .name = name, .value = exported.value});
  }
  auto page = take_page(std::move(all), input.next_token, kPageSize,
                        [](const api::Export& exported) { return *exported.name; });
  if (!page) co_return page.take_error();
  api::ListExportsOutput output;
  output.exports = std::move(page->items);
  output.next_token = page->next_token;
  co_return output;
}

}  // namespace millstream::cloudformation::ops
