#include "services/fixture_json/operations.gen.h"

namespace millstream::fixture_json::ops {

io::Task<aws::Result<api::Everything>> echo(Service&, const aws::RequestContext&,
                                            api::Everything input) {
  co_return input;
}

}  // namespace millstream::fixture_json::ops
