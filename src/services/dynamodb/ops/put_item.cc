#include "services/dynamodb/operations.gen.h"
#include "services/dynamodb/service.h"
#include "services/dynamodb/write_answer.h"

namespace millstream::dynamodb::ops {
namespace {

aws::Result<std::optional<Item>> given_item(const Table&, const WriteRules&,
                                            api::PutItemInput& input, Item*) {
  return std::optional<Item>(std::move(input.item));
}

}  // namespace

io::Task<aws::Result<api::PutItemOutput>> put_item(Service& service,
                                                   const aws::RequestContext& context,
                                                   api::PutItemInput input) {
  return answer_write<api::PutItemOutput>(service, context, std::move(input), given_item);
}

}  // namespace millstream::dynamodb::ops
