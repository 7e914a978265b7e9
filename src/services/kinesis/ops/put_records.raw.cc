#include <algorithm>

#include "base/json_text.h"
#include "services/kinesis/distribution.h"
#include "services/kinesis/operations.gen.h"
#include "services/kinesis/plain_put.h"
#include "services/kinesis/put.h"
#include "services/kinesis/service.h"

namespace millstream::kinesis::ops {
namespace {

constexpr size_t kResultBytes = 130;  // of a record that is there

// Nothing if a record can't go in; the generated way says why.
std::optional<std::vector<PutEntry>> route_all(Service& service, const Stream& stream,
                                               const PlainPut& put) {
  std::vector<PutEntry> entries(put.records.size());
  size_t bytes = 0;
  for (size_t i = 0; i < entries.size(); ++i) {
    entries[i].record = put.records[i];
    bytes += put.records[i].partition_key.size() + put.records[i].data.size();
    if (!route_by_strategy(service, stream, std::nullopt, &entries[i])) return std::nullopt;
  }
  if (!check_put_size(service.quotas(), entries.size(), bytes)) return std::nullopt;
  return entries;
}

void append_result(const PutEntry& entry, std::string* out) {
  if (entry.error) {
    const PutFailure failure = put_failure(*entry.error);
    out->append(R"({"ErrorCode":)");
    append_json_string(failure.code, out);
    out->append(R"(,"ErrorMessage":)");
    append_json_string(failure.message, out);
    out->push_back('}');
    return;
  }
  out->append(R"({"SequenceNumber":")");
  append_text(entry.sequence_number(), out);
  out->append(R"(","ShardId":")");
  append_shard_id(entry.shard_index, out);
  out->append("\"}");
}

std::string answer(const std::vector<PutEntry>& entries, bool encrypted) {
  const auto failed = std::count_if(entries.begin(), entries.end(),
                                    [](const PutEntry& entry) { return entry.error != nullptr; });
  std::string out;
  out.reserve(64 + kResultBytes * entries.size());
  out.append(R"({"FailedRecordCount":)").append(std::to_string(failed)).append(R"(,"Records":[)");
  for (const PutEntry& entry : entries) {
    if (&entry != &entries.front()) out.push_back(',');
    append_result(entry, &out);
  }
  out.append(encrypted ? R"(],"EncryptionType":"KMS"})" : "]}");
  return out;
}

}  // namespace

io::Task<aws::Result<std::optional<std::string>>> put_records_raw(
    Service& service, const aws::RequestContext& context, std::string_view body) {
  const std::optional<PlainPut> put = read_plain_put_records(body);
  if (!put) co_return std::nullopt;
  auto stream =
      service.find_stream(context, std::string(put->stream_name), std::nullopt, std::nullopt);
  if (!stream) co_return std::nullopt;
  std::optional<std::vector<PutEntry>> entries = route_all(service, **stream, *put);
  if (!entries) co_return std::nullopt;
  co_await put_entries(service, context, *stream, *entries);
  log_put_failures(service, context, *entries);
  co_return answer(*entries, (*stream)->settings.key_id.has_value());
}

}  // namespace millstream::kinesis::ops
