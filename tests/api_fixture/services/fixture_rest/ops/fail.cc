#include "services/fixture_rest/operations.gen.h"

namespace millstream::fixture_rest::ops {

io::Task<aws::Result<aws::Empty>> fail(Service&, const aws::RequestContext&, api::FailInput input) {
  if (!input.message) co_return aws::internal_failure("the disk is on fire");
  if (*input.message == "no room") co_return Error{ErrorCode::kOverloaded, "the queue is full"};
  co_return errors::thing_missing_exception(std::move(*input.message));
}

}  // namespace millstream::fixture_rest::ops
