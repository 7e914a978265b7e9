#include "services/fixture_json/operations.gen.h"

namespace millstream::fixture_json::ops {

io::Task<aws::Result<aws::Empty>> match(Service&, const aws::RequestContext&, api::MatchInput) {
  co_return aws::Empty();
}

}  // namespace millstream::fixture_json::ops
