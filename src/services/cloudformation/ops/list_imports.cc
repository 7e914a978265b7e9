#include <algorithm>

#include "services/cloudformation/operations.gen.h"
#include "services/cloudformation/pages.h"

namespace millstream::cloudformation::ops {
namespace {

constexpr size_t kPageSize = 100;

}  // namespace

io::Task<aws::Result<api::ListImportsOutput>> list_imports(Service& service,
                                                           const aws::RequestContext& context,
                                                           api::ListImportsInput input) {
  auto stacks = co_await service.store().stacks(context.home, context.account, context.region);
  if (!stacks) co_return aws::Error(stacks.take_error());
  std::vector<std::string> importers;
  for (const StackDocument& stack : *stacks) {
    const auto& names = stack.imports;
    if (stack.deletion_ms != 0) continue;
    if (std::find(names.begin(), names.end(), input.export_name) == names.end()) continue;
    importers.push_back(stack.address.name);
  }
  if (importers.empty()) {
    co_return validation("Export '" + input.export_name + "' is not imported by any stack.");
  }
  auto page = take_page(std::move(importers), input.next_token, kPageSize,
                        [](const std::string& name) { return name; });
  if (!page) co_return page.take_error();
  api::ListImportsOutput output;
  output.imports = std::move(page->items);
  output.next_token = page->next_token;
  co_return output;
}

}  // namespace millstream::cloudformation::ops
