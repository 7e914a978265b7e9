#include "services/triggers/kinesis_event.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "services/kinesis/record.h"
#include "services/kinesis/sequence_number.h"

namespace millstream::triggers {
namespace {

std::string encoded(std::string_view partition_key, std::string_view data) {
  const kinesis::RecordPayload payload{partition_key, data};
  std::string bytes(kinesis::encoded_size(payload), '\0');
  kinesis::encode(payload, bytes.data());
  return bytes;
}

TEST(KinesisEventTest, LooksAsTheDeveloperGuideShowsIt) {
  kinesis::Stream stream;
  stream.account = "123456789012";
  stream.region = "us-east-2";
  stream.name = "lambda-stream";
  ASSERT_TRUE(stream.set_shards(kinesis::even_shards(1, 1'545'000'000'000)));
  KinesisEvent event(stream, stream.shards[0], "arn:aws:iam::123456789012:role/lambda-role");
  const std::string payload = encoded("a \"key\"", "Hello, this is a test.");
  EXPECT_EQ(event.add({5, 1'545'084'650'007, payload}), KinesisEvent::Added::kYes);
  const std::string number = kinesis::to_text({.shard_created_seconds = 1'545'000'000,
                                               .shard_index = 0,
                                               .sequence = 5,
                                               .arrival_seconds = 1'545'084'650});
  const std::string expected =
      R"({"Records":[{"kinesis":{"kinesisSchemaVersion":"1.0","partitionKey":"a \"key\"",)"
      R"("sequenceNumber":")" +
      number +
      R"(","data":"SGVsbG8sIHRoaXMgaXMgYSB0ZXN0Lg==","approximateArrivalTimestamp":1545084650.007},)"
      R"("eventSource":"aws:kinesis","eventVersion":"1.0","eventID":"shardId-000000000000:)" +
      number +
      R"(","eventName":"aws:kinesis:record",)"
      R"("invokeIdentityArn":"arn:aws:iam::123456789012:role/lambda-role","awsRegion":"us-east-2",)"
      R"("eventSourceARN":"arn:aws:kinesis:us-east-2:123456789012:stream/lambda-stream"}]})";
  EXPECT_EQ(event.text(), expected);
}

TEST(KinesisEventTest, IsFullBeforeSixMegabytes) {
  kinesis::Stream stream;
  ASSERT_TRUE(stream.set_shards(kinesis::even_shards(1, 0)));
  KinesisEvent event(stream, stream.shards[0], "role");
  const std::string large = encoded("k", std::string(3 << 20, 'x'));
  const std::string too_large = encoded("k", std::string(5 << 20, 'x'));
  EXPECT_EQ(event.add({1, 0, too_large}), KinesisEvent::Added::kNeverFits);
  EXPECT_EQ(event.add({2, 0, large}), KinesisEvent::Added::kYes);
  EXPECT_EQ(event.add({3, 0, large}), KinesisEvent::Added::kFull);
  EXPECT_EQ(event.record_count(), 1u);
  EXPECT_LE(event.text().size(), kEventBytesMax);
  EXPECT_TRUE(nlohmann::json::accept(event.text()));
}

TEST(KinesisEventTest, RefusesWhatIsNoRecord) {
  kinesis::Stream stream;
  ASSERT_TRUE(stream.set_shards(kinesis::even_shards(1, 0)));
  KinesisEvent event(stream, stream.shards[0], "role");
  EXPECT_EQ(event.add({1, 0, ""}), KinesisEvent::Added::kUnreadable);
}

}  // namespace
}  // namespace millstream::triggers
