#include "services/dynamodb/operations.gen.h"
#include "services/dynamodb/read_answer.h"
#include "services/dynamodb/service.h"

namespace millstream::dynamodb::ops {

io::Task<aws::Result<api::ScanOutput>> scan(Service& service, const aws::RequestContext& context,
                                            api::ScanInput input) {
  return answer_read<api::ScanOutput>(service, context, std::move(input));
}

}  // namespace millstream::dynamodb::ops
