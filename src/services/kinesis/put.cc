#include "services/kinesis/put.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <span>
#include <utility>

#include "services/kinesis/api.gen.h"

namespace millstream::kinesis {
namespace {

// How long a put waits at most for the children of a shard that is being closed.
constexpr int64_t kChildrenWaitUs = 10'000'000;
constexpr uint64_t kNeverThere = UINT64_MAX;

// Where an entry goes. Sorted, a lane's entries stand together, and a shard's in their order in one
// run, which makes one entry of the record index.
struct Place {
  lanes::LaneId lane;
  uint32_t shard;
  uint32_t entry;
  auto operator<=>(const Place&) const = default;
};

// Leaves an entry as it is whose shard is sealed.
void append(lanes::Transaction& transaction, lanes::ShardKey shard, PutEntry& entry) {
  const auto appended = transaction.append(shard, encoded_size(entry.record));
  if (!appended) return;
  encode(entry.record, appended->payload);
  entry.sequence = appended->sequence;
  entry.arrival_ms = appended->arrival_ms;
}

// `part`: of one lane.
io::Task<bool> put_part(Service& service, const aws::RequestContext& context, uint64_t stream,
                        std::vector<PutEntry>& entries, std::span<const Place> part) {
  auto body = [&](lanes::Transaction& transaction) -> aws::Result<> {
    for (const Place& place : part) {
      append(transaction, {stream, place.shard}, entries[place.entry]);
    }
    return {};
  };
  aws::Result<> done = co_await service.lanes().run(context.home, part.front().lane, body);
  if (!done) {
    auto error = std::make_shared<const aws::Error>(
        done.error().overload
            ? errors::provisioned_throughput_exceeded_exception(done.error().message)
            : done.error());
    for (const Place& place : part) entries[place.entry].error = error;
  }
  co_return done.ok();
}

// `places`: sorted, of more than one lane.
io::Task<> put_lanes(Service& service, const aws::RequestContext& context, uint64_t stream,
                     std::vector<PutEntry>& entries, std::span<const Place> places) {
  std::vector<io::Task<bool>> tasks;
  for (size_t from = 0, to = 0; from < places.size(); from = to) {
    while (to < places.size() && places[to].lane == places[from].lane) ++to;
    tasks.push_back(put_part(service, context, stream, entries, places.subspan(from, to - from)));
  }
  co_await io::when_all(std::move(tasks));
}

// Sends the entries whose shards were sealed to the children, once these are open. Gives their
// places; an entry for which there is no way gets an error.
io::Task<std::vector<Place>> route_anew(Service& service, const aws::RequestContext& context,
                                        uint64_t stream_id, std::vector<PutEntry>& entries,
                                        std::vector<Place> sealed) {
  for (const Place& place : sealed) {
    // Ends when the shard's end is told of, with the document that has its children.
    (void)co_await service.lanes().wait(context.home, {stream_id, place.shard}, kNeverThere,
                                        kChildrenWaitUs);
  }
  const auto stream = service.catalog().find_id(stream_id);
  std::vector<Place> places;
  for (const Place& place : sealed) {
    PutEntry& entry = entries[place.entry];
    const Shard* const shard = stream ? &stream->shard_for(entry.hash) : nullptr;
    if (shard == nullptr || shard->index == entry.shard_index) {
      entry.error =
          std::make_shared<const aws::Error>(errors::provisioned_throughput_exceeded_exception(
              "The shard is being split or merged; try again."));
      continue;
    }
    entry.go_to(*shard);
    const lanes::LaneId lane = service.lanes().lane_of(stream->shard_key(*shard));
    places.push_back({lane, shard->index, place.entry});
  }
  std::sort(places.begin(), places.end());
  co_return places;
}

void note_load(Service& service, const Stream& stream, const PutEntry& entry) {
  service.scaler().note({stream.id, entry.shard_index}, entry.hash,
                        entry.record.data.size() + entry.record.partition_key.size());
}

bool within_quota(Service& service, const aws::RequestContext& context, const Stream& stream,
                  PutEntry& entry) {
  if (!service.quotas().rates()) return true;
  const size_t bytes = entry.record.data.size() + entry.record.partition_key.size();
  if (service.quota().try_write({stream.id, entry.shard_index}, bytes, context.now_ms)) return true;
  entry.error =
      std::make_shared<const aws::Error>(errors::provisioned_throughput_exceeded_exception(
          fmt::format("Rate exceeded for shard {} in stream {} under account {}.",
                      shard_id_text(entry.shard_index), stream.name, stream.account)));
  return false;
}

bool is_too_large(const Stream& stream, const PutEntry& entry) {
  return entry.record.data.size() > static_cast<size_t>(stream.max_record_size_kib) * 1024;
}

aws::Error too_large(const Stream& stream, const PutEntry& entry) {
  return errors::invalid_argument_exception(
      fmt::format("Record size of {} bytes exceeds the maximum record size of {} KiB for stream "
                  "{} under account {}.",
                  entry.record.data.size() + entry.record.partition_key.size(),
                  stream.max_record_size_kib, stream.name, stream.account));
}

void go_to_shard_of(const Stream& stream, HashKey hash, PutEntry* entry) {
  entry->hash = hash;
  entry->go_to(stream.shard_for(hash));
}

}  // namespace

SequenceNumber PutEntry::sequence_number() const {
  return {.shard_created_seconds = shard_created_seconds,
          .shard_index = shard_index,
          .sequence = sequence,
          .arrival_seconds = arrival_ms / 1000};
}

void PutEntry::go_to(const Shard& shard) {
  shard_index = shard.index;
  shard_created_seconds = shard.created_seconds;
}

PutFailure put_failure(const aws::Error& error) {
  if (error.type == "ProvisionedThroughputExceededException") return {error.type, error.message};
  return {"InternalFailure", "Internal Service Failure"};
}

void log_put_failures(Service& service, const aws::RequestContext& context,
                      const std::vector<PutEntry>& entries) {
  std::set<std::string_view> causes;  // records of one lane failed together: each cause once
  for (const PutEntry& entry : entries) {
    if (entry.error && !entry.error->detail.empty()) causes.insert(entry.error->detail);
  }
  for (const std::string_view cause : causes) {
    service.failures().internal_failure(context.request_id, "PutRecords", cause);
  }
}

aws::Result<> require_partition_key(const std::optional<std::string>& key, std::string_view path) {
  if (key) return {};
  return aws::validation_error(
      fmt::format("1 validation error detected: Value null at '{}' failed to satisfy constraint: "
                  "Member must not be null",
                  path));
}

aws::Result<> route(const Stream& stream, const std::optional<std::string>& explicit_hash_key,
                    PutEntry* entry) {
  if (is_too_large(stream, *entry)) return too_large(stream, *entry);
  const auto hash = explicit_hash_key ? parse_hash_key(*explicit_hash_key)
                                      : hash_of_partition_key(entry->record.partition_key);
  if (!hash) {
    return errors::invalid_argument_exception(
        "Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified "
        "value was " +
        *explicit_hash_key);
  }
  go_to_shard_of(stream, *hash, entry);
  return {};
}

aws::Result<> route_to(const Stream& stream, HashKey hash, PutEntry* entry) {
  if (is_too_large(stream, *entry)) return too_large(stream, *entry);
  go_to_shard_of(stream, hash, entry);
  return {};
}

io::Task<> put_entries(Service& service, const aws::RequestContext& context,
                       std::shared_ptr<const Stream> stream, std::vector<PutEntry>& entries) {
  std::vector<Place> places;
  places.reserve(entries.size());
  for (uint32_t i = 0; i < entries.size(); ++i) {
    if (stream->on_demand) note_load(service, *stream, entries[i]);
    if (!within_quota(service, context, *stream, entries[i])) continue;
    const lanes::LaneId lane = service.lanes().lane_of({stream->id, entries[i].shard_index});
    places.push_back({lane, entries[i].shard_index, i});
  }
  std::sort(places.begin(), places.end());
  while (!places.empty()) {
    if (places.front().lane == places.back().lane) {
      co_await put_part(service, context, stream->id, entries, places);
    } else {
      co_await put_lanes(service, context, stream->id, entries, places);
    }
    std::erase_if(places, [&](const Place& place) {
      return entries[place.entry].error || entries[place.entry].sequence > 0;
    });
    if (places.empty()) co_return;
    places = co_await route_anew(service, context, stream->id, entries, std::move(places));
  }
}

}  // namespace millstream::kinesis
