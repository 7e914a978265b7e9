#include "services/kinesis/quotas.h"

#include <algorithm>
#include <array>

namespace millstream::kinesis {
namespace {

constexpr int64_t kMiB = int64_t{1} << 20;
constexpr std::string_view kLargeRegions[] = {"us-east-1", "us-west-2", "eu-west-1"};
constexpr int64_t kShardsElsewhere = 1000;  // AWS: "1,000 or 6,000"

constexpr aws::Quota kTable[] = {
    {"kinesis.shards", 20'000, "shards",
     "open shards of an account in a region, on-demand streams' too; 1,000 by default outside of "
     "us-east-1, us-west-2 and eu-west-1"},
    {"kinesis.on-demand-streams", 50, "streams", "on-demand streams of an account in a region"},
    {"kinesis.streams-creating", 5, "streams",
     "streams of an account in a region that are CREATING at once"},
    {"kinesis.consumers-per-stream", 20, "consumers", "registered consumers of a stream"},
    {"kinesis.consumers-per-stream-advantage", 50, "consumers",
     "registered consumers of an on-demand stream while the account's minimum throughput billing "
     "commitment is enabled"},
    {"kinesis.consumers-creating", 5, "consumers",
     "consumers of an account in a region that are CREATING at once"},
    {"kinesis.tags-per-resource", 50, "tags", "tags of a stream or a consumer"},
    {"kinesis.retention-hours-min", 24, "hours", "the shortest retention period"},
    {"kinesis.retention-hours-max", 8760, "hours", "the longest retention period"},
    {"kinesis.shard-count-updates-per-day", 10, "calls",
     "UpdateShardCount of a stream in any 24 hours"},
    {"kinesis.shard-count-update-max", 10'000, "shards", "what UpdateShardCount may scale up to"},
    {"kinesis.mode-switches-per-day", 2, "calls",
     "switches of a stream's capacity mode in any 24 hours"},
    {"kinesis.key-changes-per-day", 25, "calls", "new encryption keys of a stream in any 24 hours"},
    {"kinesis.encryption-stops-per-day", 25, "calls",
     "StopStreamEncryption of a stream in any 24 hours"},
    {"kinesis.warm-throughput", 10'240, "MiB/s", "the warm throughput of an on-demand stream"},
    {"kinesis.put-records-records", 500, "records", "records of a PutRecords request", false, 500},
    {"kinesis.put-records-bytes", 10 * kMiB, "bytes",
     "data and partition keys of a PutRecords request", false, 10 * kMiB},
    {"kinesis.get-records-records", 10'000, "records", "records of a GetRecords answer", false,
     10'000},
    {"kinesis.get-records-bytes", 10 * kMiB, "bytes", "data of a GetRecords answer", false,
     10 * kMiB},
    {"kinesis.shard-write-bytes", kMiB, "bytes/s", "data and partition keys put into a shard",
     true},
    {"kinesis.shard-write-records", 1000, "records/s", "records put into a shard", true},
    {"kinesis.shard-read-bytes", 2 * kMiB, "bytes/s",
     "data read from a shard by GetRecords; a call that gives more than a second's share blocks "
     "the seconds that it used up",
     true},
    {"kinesis.shard-reads", 5, "calls/s", "GetRecords of a shard", true},
};
static_assert(std::size(kTable) == static_cast<size_t>(Quota::kShardReads) + 1);

}  // namespace

std::span<const aws::Quota> quota_table() {
  return kTable;
}

int64_t Quotas::shards(std::string_view region) const {
  const auto place = static_cast<size_t>(Quota::kShards);
  const bool large = std::find(std::begin(kLargeRegions), std::end(kLargeRegions), region) !=
                     std::end(kLargeRegions);
  return is_set(place) || large ? value(place) : kShardsElsewhere;
}

}  // namespace millstream::kinesis
