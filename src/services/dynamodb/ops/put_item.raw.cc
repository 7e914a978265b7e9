#include <algorithm>

#include "services/dynamodb/item_writer.h"
#include "services/dynamodb/model/item_size.h"
#include "services/dynamodb/operations.gen.h"
#include "services/dynamodb/plain_request.h"
#include "services/dynamodb/request.h"
#include "services/dynamodb/service.h"

namespace millstream::dynamodb::ops {
namespace {

// Nothing for one that is wrong, has placeholders or looks inside an attribute, which not every
// table allows.
std::optional<Condition> plain_condition(const std::string& text) {
  Substitutions none(nullptr, nullptr);
  Result<Condition> condition = Condition::parse(text, ExpressionKind::kCondition, &none);
  if (!condition) return std::nullopt;
  std::vector<const DocumentPath*> paths;
  collect_paths(condition->root(), &paths);
  const bool plain = std::all_of(paths.begin(), paths.end(),
                                 [](const DocumentPath* path) { return path->size() == 1; });
  if (!plain) return std::nullopt;
  return condition.take();
}

}  // namespace

io::Task<aws::Result<std::optional<std::string>>> put_item_raw(Service& service,
                                                               const aws::RequestContext& context,
                                                               std::string_view body) {
  const std::optional<PlainRequest> request = read_plain_put_item(body);
  if (!request || request->item.size > kItemBytesMax) co_return std::nullopt;
  const auto table = find_table(service, context, request->table_name);
  if (!table) co_return std::nullopt;
  const auto place = place_of_plain(service.lanes(), **table, request->item, false);
  if (!place) co_return std::nullopt;
  std::optional<Condition> condition;
  if (request->condition) condition = plain_condition(*request->condition);
  if (request->condition && !condition) co_return std::nullopt;
  const StoredWrite write{**table, *place, request->item, condition ? &*condition : nullptr};
  aws::Result<> put = co_await put_stored_item(service, context, write);
  if (!put) co_return put.take_error();
  co_return std::string("{}");
}

}  // namespace millstream::dynamodb::ops
