#include <algorithm>

#include "services/kinesis/operations.gen.h"
#include "services/kinesis/service.h"
#include "services/kinesis/tags.h"

namespace millstream::kinesis::ops {

io::Task<aws::Result<api::ListTagsForStreamOutput>> list_tags_for_stream(
    Service& service, const aws::RequestContext& context, api::ListTagsForStreamInput input) {
  auto stream = service.find_stream_in_any_status(context, input.stream_name, input.stream_arn,
                                                  input.stream_id);
  if (!stream) co_return stream.take_error();
  const Tags& tags = (*stream)->tags;
  const auto from = input.exclusive_start_tag_key ? tags.upper_bound(*input.exclusive_start_tag_key)
                                                  : tags.begin();
  api::ListTagsForStreamOutput output;
  output.tags = tag_list(Tags(from, tags.end()));
  const auto limit =
      static_cast<size_t>(input.limit.value_or(static_cast<int32_t>(output.tags.size())));
  output.has_more_tags = output.tags.size() > limit;
  if (output.has_more_tags) output.tags.resize(limit);
  co_return output;
}

}  // namespace millstream::kinesis::ops
