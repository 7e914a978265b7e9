#include "services/kinesis/plain_put.h"

#include <gtest/gtest.h>

#include "aws/testing/generated_input.h"
#include "aws/testing/mutated_body.h"
#include "aws/testing/recorded_failures.h"
#include "base/random.h"
#include "lanes/testing/lanes_fixture.h"
#include "services/kinesis/operations.gen.h"
#include "services/kinesis/service.h"

namespace millstream::kinesis {
namespace {

constexpr std::string_view kRecord =
    R"({"StreamName": "flights", "Data": "aGVsbG8=", "PartitionKey": "SFO"})";
constexpr std::string_view kRecords =
    R"({"Records":[{"Data":"aGVsbG8=","PartitionKey":"SFO"},{"PartitionKey":"Zürich","Data":""},)"
    R"( {"Data":"AAECAw==","PartitionKey":"b"} ],"StreamName":"flights"} )";

// The oracle: what the generated codec reads.
class PlainPutTest : public testing::Test {
 protected:
  template <class Input>
  std::optional<Input> generated(std::string_view operation, const std::string& body) {
    return aws::testing::generated_input<Input>(operation_table(service_), operation, body);
  }
  std::optional<PlainPut> record(const std::string& body) {
    return read_plain_put_record(aws::padded_json(body, &storage_));
  }
  std::optional<PlainPut> records(const std::string& body) {
    return read_plain_put_records(aws::padded_json(body, &storage_));
  }

  // Whatever is read, the generated codec reads the same.
  void expect_agreement(const std::string& body) {
    if (const auto put = record(body)) {
      const auto input = generated<api::PutRecordInput>("PutRecord", body);
      ASSERT_TRUE(input) << body;
      EXPECT_EQ(put->stream_name, input->stream_name) << body;
      EXPECT_EQ(put->records.at(0).partition_key, input->partition_key) << body;
      EXPECT_EQ(put->records.at(0).data, input->data) << body;
    }
    if (const auto put = records(body)) {
      const auto input = generated<api::PutRecordsInput>("PutRecords", body);
      ASSERT_TRUE(input) << body;
      EXPECT_EQ(put->stream_name, input->stream_name) << body;
      ASSERT_EQ(put->records.size(), input->records.size()) << body;
      for (size_t i = 0; i < put->records.size(); ++i) {
        EXPECT_EQ(put->records[i].partition_key, input->records[i].partition_key) << body;
        EXPECT_EQ(put->records[i].data, input->records[i].data) << body;
      }
    }
  }

 private:
  lanes::testing::LanesFixture node_;
  aws::testing::RecordedFailures failures_;
  Service service_{{node_.lanes(), node_.random(), node_.clock(), node_.home(), failures_,
                    [](const std::string&) {}},
                   {}};
  std::string storage_;
};

TEST_F(PlainPutTest, ReadsTheUsualForm) {
  EXPECT_TRUE(record(std::string(kRecord)));
  EXPECT_TRUE(records(std::string(kRecords)));
  expect_agreement(std::string(kRecord));
  expect_agreement(std::string(kRecords));
}

TEST_F(PlainPutTest, LeavesEveryOtherFormToTheGeneratedCodec) {
  const std::string key = R"("PartitionKey":"k")";
  const std::string rest = R"("StreamName":"s","Data":"AA==")";
  for (const std::string& members : {
           R"("StreamARN":"arn:aws:kinesis:us-east-1:000000000000:stream/s","Data":"AA==",)" + key,
           rest + R"(,"ExplicitHashKey":"1",)" + key,
           rest + R"(,"PartitionKey":"a\u0062")",
           rest + R"(,"PartitionKey":")" + std::string(257, 'x') + '"',
           rest + R"(,"PartitionKey":"")",
           rest + R"(,"PartitionKey":1)",
           rest + R"(,"PartitionKey":null)",
           rest + ",\"PartitionKey\":\"a\tb\"",
           rest,
           R"("StreamName":"s","Data":"A===",)" + key,
           R"("StreamName":"s","Data":"A\u0041==",)" + key,
           R"("StreamName":"a b","Data":"AA==",)" + key,
           R"("StreamName":"s",)" + key,
           R"("StreamName":"s","Data":"AA==","Data":"AA==",)" + key,
       }) {
    EXPECT_FALSE(record("{" + members + "}")) << members;
  }
  EXPECT_FALSE(record(std::string(kRecord) + "x"));
  EXPECT_FALSE(record(std::string(kRecord) + "{}"));
  EXPECT_FALSE(record(R"([{"StreamName":"s"}])"));
  EXPECT_FALSE(record(""));
  EXPECT_FALSE(records(R"({"StreamName":"s","Records":[]})"));
  std::string many = R"({"StreamName":"s","Records":[)";
  for (int i = 0; i < 501; ++i) many += R"({"Data":"","PartitionKey":"k"},)";
  many.back() = ']';
  EXPECT_FALSE(records(many + "}"));
}

TEST_F(PlainPutTest, ReadsNothingThatTheGeneratedCodecReadsOtherwise) {
  constexpr uint64_t kSeed = 20261124;
  SCOPED_TRACE(testing::Message() << "seed " << kSeed);
  SeededRandom random(kSeed);
  constexpr std::string_view kPieces = "\"\\{}[]:,=A\n \x01\xc3/";
  size_t read = 0;
  for (int round = 0; round < 20'000; ++round) {
    const std::string body =
        aws::testing::mutated_body(round % 2 == 0 ? kRecord : kRecords, kPieces, random);
    read += record(body) || records(body);
    expect_agreement(body);
  }
  EXPECT_GT(read, 5'000u);
}

}  // namespace
}  // namespace millstream::kinesis
