#include "services/fixture_rest/operations.gen.h"

namespace millstream::fixture_rest::ops {

io::Task<aws::Result<api::PayloadOutput>> carry(Service&, const aws::RequestContext&,
                                                api::PayloadInput input) {
  api::PayloadOutput output;
  output.status_code = 202;
  output.kind = std::move(input.name);
  output.payload = std::move(input.payload);
  co_return output;
}

}  // namespace millstream::fixture_rest::ops
