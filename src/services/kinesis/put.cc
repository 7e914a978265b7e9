#include "services/kinesis/put.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "services/kinesis/api.gen.h"
#include "services/kinesis/sequence_number.h"

namespace millstream::kinesis {
namespace {

// Indices into the entries, all of one lane.
using Part = std::vector<size_t>;

void append(lanes::Transaction& transaction, const Stream& stream, PutEntry& entry) {
  const auto appended =
      transaction.append(stream.shard_key(*entry.shard), encoded_size(entry.record));
  encode(entry.record, appended.payload);
  entry.sequence_number = to_text({.shard_created_seconds = entry.shard->created_seconds,
                                   .shard_index = entry.shard->index,
                                   .sequence = appended.sequence,
                                   .arrival_seconds = appended.arrival_ms / 1000});
}

io::Task<bool> put_part(Service& service, const aws::RequestContext& context, lanes::LaneId lane,
                        const Stream& stream, std::vector<PutEntry>& entries, Part part) {
  // A shard's records in one run make one index entry.
  std::stable_sort(part.begin(), part.end(), [&entries](size_t a, size_t b) {
    return entries[a].shard->index < entries[b].shard->index;
  });
  auto body = [&](lanes::Transaction& transaction) -> aws::Result<> {
    for (size_t i : part) append(transaction, stream, entries[i]);
    return {};
  };
  aws::Result<> done = co_await service.lanes().run(context.home, lane, body);
  if (!done) {
    const aws::Error error =
        done.error().overload
            ? errors::provisioned_throughput_exceeded_exception(done.error().message)
            : done.error();
    for (size_t i : part) entries[i].error = error;
  }
  co_return done.ok();
}

bool within_quota(Service& service, const aws::RequestContext& context, const Stream& stream,
                  PutEntry& entry) {
  if (!service.options().aws_quotas) return true;
  const size_t bytes = entry.record.data.size() + entry.record.partition_key.size();
  if (service.quota().try_write(stream.shard_key(*entry.shard), bytes, context.now_ms)) return true;
  entry.error = errors::provisioned_throughput_exceeded_exception(
      fmt::format("Rate exceeded for shard {} in stream {} under account {}.", entry.shard->id(),
                  stream.name, stream.account));
  return false;
}

}  // namespace

aws::Result<> require_partition_key(const std::optional<std::string>& key, std::string_view path) {
  if (key) return {};
  return aws::validation_error(
      fmt::format("1 validation error detected: Value null at '{}' failed to satisfy constraint: "
                  "Member must not be null",
                  path));
}

aws::Result<> route(const Stream& stream, const std::optional<std::string>& explicit_hash_key,
                    PutEntry* entry) {
  const size_t size = entry->record.data.size() + entry->record.partition_key.size();
  const size_t size_max = static_cast<size_t>(stream.max_record_size_kib) * 1024;
  if (entry->record.data.size() > size_max) {
    return errors::invalid_argument_exception(
        fmt::format("Record size of {} bytes exceeds the maximum record size of {} KiB for stream "
                    "{} under account {}.",
                    size, stream.max_record_size_kib, stream.name, stream.account));
  }
  if (!explicit_hash_key) {
    entry->shard = &stream.shard_for(hash_of_partition_key(entry->record.partition_key));
    return {};
  }
  const auto hash = parse_hash_key(*explicit_hash_key);
  if (!hash) {
    return errors::invalid_argument_exception(
        "Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified "
        "value was " +
        *explicit_hash_key);
  }
  entry->shard = &stream.shard_for(*hash);
  return {};
}

io::Task<> put_entries(Service& service, const aws::RequestContext& context, const Stream& stream,
                       std::vector<PutEntry>& entries) {
  std::map<lanes::LaneId, Part> parts;
  for (size_t i = 0; i < entries.size(); ++i) {
    if (!within_quota(service, context, stream, entries[i])) continue;
    parts[service.lanes().lane_of(stream.shard_key(*entries[i].shard))].push_back(i);
  }
  std::vector<io::Task<bool>> tasks;
  tasks.reserve(parts.size());
  for (auto& [lane, part] : parts) {
    tasks.push_back(put_part(service, context, lane, stream, entries, std::move(part)));
  }
  co_await io::when_all(std::move(tasks));
}

}  // namespace millstream::kinesis
