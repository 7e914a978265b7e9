#include "services/kinesis/stream_settings.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/check.h"
#include "services/kinesis/account_settings.h"
#include "services/kinesis/arn.h"
#include "services/kinesis/consumer.h"
#include "services/kinesis/distribution.h"
#include "services/kinesis/encryption.h"
#include "services/kinesis/stream.h"

namespace millstream::kinesis {
namespace {

constexpr int64_t kDayMs = 86'400'000;
constexpr int64_t kNow = 1'700'000'000'000;

Stream a_stream() {
  Stream stream;
  stream.account = "111111111111";
  stream.region = "us-east-1";
  stream.name = "s";
  stream.id = 7;
  CHECK(stream.set_shards(even_shards(4, kNow)));
  return stream;
}

TEST(StreamSettings, AreWrittenAndRead) {
  Stream stream = a_stream();
  stream.settings.key_id = "alias/a";
  stream.settings.encryption_changes = {{1, true}, {2, false}};
  stream.settings.shard_level_metrics = {"IncomingBytes"};
  stream.settings.spreads_evenly = true;
  stream.settings.warm_throughput_mibps = 5;
  stream.settings.mode_changes_ms = {3};
  stream.settings.policy = "{\"a\": 1}";
  stream.transition = Transition{"UPDATING", 9};
  const Result<Stream> read = parse_stream(to_document(stream));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(to_document(*read), to_document(stream));
  EXPECT_EQ(read->settings.key_id, "alias/a");
  EXPECT_TRUE(read->settings.spreads_evenly);
  EXPECT_EQ(read->settings.policy, stream.settings.policy);
  EXPECT_EQ(read->status(8), "UPDATING");
}

TEST(StreamSettings, MayBeMissingFromADocument) {
  std::string document = to_document(a_stream());
  const size_t settings = document.find(",\"settings\":{");
  ASSERT_NE(settings, std::string::npos);
  document.erase(settings, document.find('}', settings) + 1 - settings);
  const Result<Stream> read = parse_stream(document);
  ASSERT_TRUE(read.ok());
  EXPECT_FALSE(read->settings.key_id);
  EXPECT_FALSE(read->settings.spreads_evenly);
}

TEST(StreamSettings, RecordsAreMarkedByTheirArrival) {
  StreamSettings settings;
  EXPECT_FALSE(settings.encrypted_at(5));
  settings.encryption_changes = {{10, true}, {20, false}, {30, true}};
  EXPECT_FALSE(settings.encrypted_at(9));
  EXPECT_TRUE(settings.encrypted_at(10));
  EXPECT_TRUE(settings.encrypted_at(19));
  EXPECT_FALSE(settings.encrypted_at(20));
  EXPECT_TRUE(settings.encrypted_at(1000));
}

TEST(StreamSettings, ChangesOlderThanEveryRecordAreForgotten) {
  const Quotas quotas({}, false);
  Stream stream = a_stream();
  int64_t now_ms = kNow;
  for (int i = 0; i < 1000; ++i, now_ms += 2 * kDayMs) {
    ASSERT_TRUE(start_encryption(quotas, "alias/a", now_ms, &stream).ok());
    ASSERT_TRUE(stop_encryption(quotas, "alias/a", now_ms + kDayMs, &stream).ok());
  }
  EXPECT_LT(stream.settings.encryption_changes.size(), 400u);
  EXPECT_FALSE(stream.settings.encrypted_at(now_ms - kDayMs));
  EXPECT_TRUE(stream.settings.encrypted_at(now_ms - 2 * kDayMs));
}

TEST(StreamSettings, EventsAreCountedWithinADay) {
  std::vector<int64_t> events;
  EXPECT_TRUE(count_in_day(kNow, 2, &events));
  EXPECT_TRUE(count_in_day(kNow + 1, 2, &events));
  EXPECT_FALSE(count_in_day(kNow + kDayMs - 1, 2, &events));
  EXPECT_TRUE(count_in_day(kNow + kDayMs, 2, &events));
  EXPECT_EQ(events.size(), 2u);
}

TEST(Transition, TheStatusFollowsFromTheClock) {
  const std::optional<Transition> deleting = Transition{"DELETING", kNow};
  EXPECT_EQ(status_of(deleting, kNow - 1), "DELETING");
  EXPECT_FALSE(is_gone(deleting, kNow - 1));
  EXPECT_TRUE(is_gone(deleting, kNow));
  const std::optional<Transition> creating = Transition{"CREATING", kNow};
  EXPECT_EQ(status_of(creating, kNow), "ACTIVE");
  EXPECT_FALSE(is_gone(creating, kNow));
  EXPECT_EQ(status_of(std::nullopt, kNow), "ACTIVE");
}

TEST(Distribution, ConsecutivePlacesCoverShardsOfEqualRanges) {
  for (const int32_t count : {1, 2, 3, 4, 7, 16, 100}) {
    Stream stream;
    ASSERT_TRUE(stream.set_shards(even_shards(count, kNow)));
    std::vector<int> records(static_cast<size_t>(count));
    const int per_shard = 100;
    for (int i = 0; i < per_shard * count; ++i) {
      ++records[stream.shard_for(even_place(static_cast<uint64_t>(i) + 12'345)).index];
    }
    const auto [least, most] = std::minmax_element(records.begin(), records.end());
    EXPECT_GE(*least, per_shard - 5) << count;
    EXPECT_LE(*most, per_shard + 5) << count;
  }
}

TEST(Arn, NamesAStreamOrAConsumer) {
  const std::string stream = stream_arn("us-east-1", "111111111111", "s");
  const auto name = split_arn(stream);
  ASSERT_TRUE(name);
  EXPECT_EQ(name->stream, "s");
  EXPECT_EQ(name->account, "111111111111");
  EXPECT_EQ(name->region, "us-east-1");
  EXPECT_TRUE(name->consumer.empty());
  const std::string consumer_arn = stream + "/consumer/c:17";
  const auto consumer = split_arn(consumer_arn);
  ASSERT_TRUE(consumer);
  EXPECT_EQ(consumer->stream, "s");
  EXPECT_EQ(consumer->consumer, "c");
  EXPECT_EQ(consumer->consumer_creation, "17");
  EXPECT_FALSE(split_arn("arn:aws:kinesis:us-east-1:111111111111:queue/q"));
  EXPECT_FALSE(split_arn("arn:aws:kinesis"));
}

TEST(Consumer, IsWrittenAndRead) {
  Consumer consumer;
  consumer.account = "111111111111";
  consumer.region = "us-east-1";
  consumer.stream = "s";
  consumer.stream_id = 7;
  consumer.name = "c";
  consumer.created_ms = 17'500;
  EXPECT_EQ(consumer.arn(), "arn:aws:kinesis:us-east-1:111111111111:stream/s/consumer/c:17");
  consumer.tags = {{"a", "1"}};
  const Result<Consumer> read = parse_consumer(to_document(consumer));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(to_document(*read), to_document(consumer));
}

TEST(AccountSettings, ACommitmentEndsWhenItWasTo) {
  AccountSettings settings;
  EXPECT_FALSE(settings.committed(kNow));
  settings.commitment_started_ms = kNow;
  EXPECT_TRUE(settings.committed(kNow));
  settings.commitment_ended_ms = kNow + kCommitmentMsMin;
  EXPECT_TRUE(settings.committed(kNow + kCommitmentMsMin - 1));
  EXPECT_FALSE(settings.committed(kNow + kCommitmentMsMin));
}

}  // namespace
}  // namespace millstream::kinesis
