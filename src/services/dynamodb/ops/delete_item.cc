#include "services/dynamodb/operations.gen.h"
#include "services/dynamodb/service.h"
#include "services/dynamodb/write_answer.h"

namespace millstream::dynamodb::ops {
namespace {

aws::Result<std::optional<Item>> nothing(const Table&, const WriteRules&, api::DeleteItemInput&,
                                         Item*) {
  return std::optional<Item>();
}

}  // namespace

io::Task<aws::Result<api::DeleteItemOutput>> delete_item(Service& service,
                                                         const aws::RequestContext& context,
                                                         api::DeleteItemInput input) {
  return answer_write<api::DeleteItemOutput>(service, context, std::move(input), nothing);
}

}  // namespace millstream::dynamodb::ops
