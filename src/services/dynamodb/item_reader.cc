#include "services/dynamodb/item_reader.h"

#include "services/dynamodb/legacy.h"
#include "services/dynamodb/model/item_codec.h"
#include "services/dynamodb/model/projection.h"
#include "services/dynamodb/service.h"

namespace millstream::dynamodb {

io::Task<aws::Result<std::optional<Item>>> read_item(Service& service,
                                                     const aws::RequestContext& context,
                                                     std::string key) {
  auto stored = co_await service.lanes().get(context.home, std::move(key));
  if (!stored) co_return aws::Error(stored.take_error());
  std::optional<Item> item;
  if (*stored) {
    Result<Item> decoded = decode_item(**stored);
    if (!decoded) co_return aws::Error(decoded.take_error());
    item = decoded.take();
  }
  co_return item;
}

aws::Result<Projection> read_projection(Wording wording,
                                        const std::optional<std::string>& expression,
                                        const std::optional<std::vector<std::string>>& names_to_get,
                                        const std::optional<AttributeNames>& names) {
  aws::Result<> parameters =
      check_parameters(wording, {{"ProjectionExpression", expression.has_value()}},
                       {{"AttributesToGet", names_to_get.has_value()}}, names.has_value(), false);
  if (!parameters) return parameters.take_error();
  if (names_to_get) {
    auto paths = attributes_to_get(wording, *names_to_get);
    if (!paths) return paths.take_error();
    return Projection(paths.take());
  }
  if (!expression) return Projection();
  aws::Result<Substitutions> substitutions = make_substitutions(wording, names, std::nullopt);
  if (!substitutions) return substitutions.take_error();
  auto paths = parse_projection(*expression, &*substitutions);
  if (!paths) return request_error(wording, paths.error());
  Result<> used = substitutions->check_all_used();
  if (!used) return request_error(wording, used.error());
  return Projection(paths.take());
}

Item projected(const Projection& projection, Item item) {
  if (!projection) return item;
  return project(item, *projection);
}

}  // namespace millstream::dynamodb
