#include "services/fixture_rest/operations.gen.h"

namespace millstream::fixture_rest::ops {

io::Task<aws::Result<api::Answer>> echo(Service&, const aws::RequestContext&,
                                        api::Everything input) {
  api::Answer answer;
  answer.name = std::move(input.name);
  answer.count = input.count;
  answer.big = input.big;
  answer.ratio = input.ratio;
  answer.flag = input.flag;
  answer.when = input.when;
  answer.bytes = std::move(input.bytes);
  answer.names = std::move(input.names);
  answer.items = std::move(input.items);
  answer.attributes = std::move(input.attributes);
  answer.tree = std::move(input.tree);
  co_return answer;
}

}  // namespace millstream::fixture_rest::ops
