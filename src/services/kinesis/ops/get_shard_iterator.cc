#include <fmt/format.h>

#include "services/kinesis/operations.gen.h"
#include "services/kinesis/service.h"
#include "services/kinesis/shard_iterator.h"
#include "services/kinesis/starting_position.h"

namespace millstream::kinesis::ops {

io::Task<aws::Result<api::GetShardIteratorOutput>> get_shard_iterator(
    Service& service, const aws::RequestContext& context, api::GetShardIteratorInput input) {
  auto stream = service.find_stream(context, input.stream_name, input.stream_arn, input.stream_id);
  if (!stream) co_return stream.take_error();
  const Shard* const shard = (*stream)->find_shard(input.shard_id, context.now_ms);
  if (!shard) {
    co_return errors::resource_not_found_exception(
        fmt::format("Shard {} in stream {} under account {} does not exist", input.shard_id,
                    (*stream)->name, (*stream)->account));
  }
  Position position{input.shard_iterator_type, input.starting_sequence_number, input.timestamp};
  auto sequence = co_await find_sequence(service, context, *stream, *shard, std::move(position),
                                         "GetShardIterator");
  if (!sequence) co_return sequence.take_error();
  aws::Result<> checked = refuse_dry_run(input.dry_run);
  if (!checked) co_return checked.take_error();
  api::GetShardIteratorOutput output;
  output.shard_iterator =
      to_text(ShardIterator{(*stream)->shard_key(*shard), *sequence, context.now_ms});
  co_return output;
}

}  // namespace millstream::kinesis::ops
