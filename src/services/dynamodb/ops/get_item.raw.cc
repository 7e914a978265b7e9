#include "services/dynamodb/operations.gen.h"
#include "services/dynamodb/plain_request.h"
#include "services/dynamodb/request.h"
#include "services/dynamodb/service.h"
#include "services/dynamodb/value_json.h"

namespace millstream::dynamodb::ops {

io::Task<aws::Result<std::optional<std::string>>> get_item_raw(Service& service,
                                                               const aws::RequestContext& context,
                                                               std::string_view body) {
  const std::optional<PlainRequest> request = read_plain_get_item(body);
  if (!request) co_return std::nullopt;
  const auto table = find_table(service, context, request->table_name);
  if (!table) co_return std::nullopt;
  std::optional<ItemPlace> place = place_of_plain(service.lanes(), **table, request->item, true);
  if (!place) co_return std::nullopt;
  auto stored = co_await service.lanes().get(context.home, std::move(place->key));
  if (!stored) co_return aws::Error(stored.take_error());
  std::string out = "{}";
  if (*stored) {
    out.clear();
    out.reserve((*stored)->size() + (*stored)->size() / 4 + 64);
    out.append(R"({"Item":)");
    Result<> written = write_stored_json(**stored, &out);
    if (!written) co_return aws::Error(written.take_error());
    out.push_back('}');
  }
  co_return out;
}

}  // namespace millstream::dynamodb::ops
