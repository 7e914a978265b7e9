#include "services/kinesis/distribution.h"
#include "services/kinesis/operations.gen.h"
#include "services/kinesis/plain_put.h"
#include "services/kinesis/put.h"
#include "services/kinesis/service.h"

namespace millstream::kinesis::ops {

io::Task<aws::Result<std::optional<std::string>>> put_record_raw(Service& service,
                                                                 const aws::RequestContext& context,
                                                                 std::string_view body) {
  const std::optional<PlainPut> put = read_plain_put_record(body);
  if (!put) co_return std::nullopt;
  auto stream =
      service.find_stream(context, std::string(put->stream_name), std::nullopt, std::nullopt);
  if (!stream) co_return std::nullopt;
  std::vector<PutEntry> entries(1);
  PutEntry& entry = entries.front();
  entry.record = put->records.front();
  if (!route_by_strategy(service, **stream, std::nullopt, &entry)) co_return std::nullopt;
  co_await put_entries(service, context, *stream, entries);
  if (entry.error) co_return *entry.error;
  std::string out = R"({"ShardId":")";
  append_shard_id(entry.shard_index, &out);
  out.append(R"(","SequenceNumber":")");
  append_text(entry.sequence_number(), &out);
  out.append((*stream)->settings.key_id ? R"(","EncryptionType":"KMS"})" : "\"}");
  co_return out;
}

}  // namespace millstream::kinesis::ops
