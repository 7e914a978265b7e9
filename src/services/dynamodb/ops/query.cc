#include "services/dynamodb/operations.gen.h"
#include "services/dynamodb/read_answer.h"
#include "services/dynamodb/service.h"

namespace millstream::dynamodb::ops {

io::Task<aws::Result<api::QueryOutput>> query(Service& service, const aws::RequestContext& context,
                                              api::QueryInput input) {
  return answer_read<api::QueryOutput>(service, context, std::move(input));
}

}  // namespace millstream::dynamodb::ops
