#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>

#include "base/check.h"
#include "services/kinesis/access.h"
#include "services/kinesis/describe.h"
#include "services/kinesis/limits.h"
#include "services/kinesis/operations.gen.h"
#include "services/kinesis/record_output.h"
#include "services/kinesis/service.h"
#include "services/kinesis/shard_iterator.h"

namespace millstream::kinesis::ops {
namespace {

// "Thu Jan 22 01:22:02 UTC 2015"
std::string java_date(int64_t wall_ms) {
  return fmt::format("{:%a %b %d %H:%M:%S UTC %Y}",
                     fmt::gmtime(static_cast<std::time_t>(wall_ms / 1000)));
}

aws::Result<ShardIterator> check_iterator(const std::string& text, int64_t now_ms) {
  const auto iterator = parse_shard_iterator(text);
  if (!iterator) return errors::invalid_argument_exception("Invalid ShardIterator.");
  if (now_ms - iterator->created_ms > kIteratorLifetimeMs) {
    return errors::expired_iterator_exception(fmt::format(
        "Iterator expired. The iterator was created at time {} while right now it is {} which is "
        "further in the future than the tolerated delay of 300000 milliseconds.",
        java_date(iterator->created_ms), java_date(now_ms)));
  }
  return *iterator;
}

aws::Result<std::shared_ptr<const Stream>> find(Service& service,
                                                const aws::RequestContext& context,
                                                lanes::ShardKey shard) {
  auto stream = service.catalog().find_id(shard.stream);
  const bool known = stream && stream->region == context.region;
  const Shard* const found = known ? stream->shard_at(shard.shard) : nullptr;
  if (found == nullptr || stream->is_expired(*found, context.now_ms)) {
    return errors::resource_not_found_exception(
        fmt::format("Shard shardId-{:012} of the iterator's stream under account {} does not exist",
                    shard.shard, context.account));
  }
  aws::Result<> allowed = check_access(context, *stream);
  if (!allowed) return allowed.take_error();
  return stream;
}

size_t bytes_of(const lanes::RecordBatch& batch) {
  size_t bytes = 0;
  for (const lanes::Record& record : batch.records) bytes += record.payload.size();
  return bytes;
}

}  // namespace

io::Task<aws::Result<api::GetRecordsOutput>> get_records(Service& service,
                                                         const aws::RequestContext& context,
                                                         api::GetRecordsInput input) {
  auto iterator = check_iterator(input.shard_iterator, context.now_ms);
  if (!iterator) co_return iterator.take_error();
  auto stream = find(service, context, iterator->shard);
  if (!stream) co_return stream.take_error();
  aws::Result<> checked = refuse_dry_run(input.dry_run);
  if (!checked) co_return checked.take_error();
  const Shard& shard = *(*stream)->shard_at(iterator->shard.shard);
  if (service.quotas().rates() && !service.quota().try_read(iterator->shard, context.now_ms)) {
    co_return errors::provisioned_throughput_exceeded_exception(
        fmt::format("Rate exceeded for shard {} in stream {} under account {}.", shard.id(),
                    (*stream)->name, (*stream)->account));
  }
  const Quotas& quotas = service.quotas();
  const int64_t records_max = quotas[Quota::kGetRecordsRecords];
  const lanes::ReadLimits limits{.records_max = static_cast<size_t>(std::min<int64_t>(
                                     input.limit.value_or(records_max), records_max)),
                                 .bytes_max = static_cast<size_t>(quotas[Quota::kGetRecordsBytes])};
  auto batch =
      co_await service.lanes().read(context.home, iterator->shard, iterator->sequence, limits);
  if (!batch) co_return aws::Error(batch.take_error());

  if (service.quotas().rates()) {
    service.quota().count_read(iterator->shard, bytes_of(*batch), context.now_ms);
  }

  api::GetRecordsOutput output;
  output.records.reserve(batch->records.size());
  for (const lanes::Record& stored : batch->records) {
    auto record = to_record(stored, **stream, shard);
    if (!record) co_return record.take_error();
    output.records.push_back(record.take());
  }
  if (shard.closed && batch->next_sequence >= shard.closed->end_sequence) {
    output.child_shards = describe_children(**stream, shard.index);
  } else {
    output.next_shard_iterator =
        to_text(ShardIterator{iterator->shard, batch->next_sequence, context.now_ms});
  }
  const bool behind = !batch->at_tip && !batch->records.empty();
  output.millis_behind_latest =
      behind ? std::max<int64_t>(0, context.now_ms - batch->records.back().arrival_ms) : 0;
  co_return output;
}

}  // namespace millstream::kinesis::ops
