#include "workload.h"

#include <fmt/format.h>

#include "base/base64.h"
#include "base/clock.h"
#include "base/random.h"

namespace millstream::bench {
namespace {

constexpr uint64_t kSeed = 20261122;
constexpr size_t kItems = 10'000;
constexpr char kLetters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

// Makes signed requests of one service.
class Maker {
 public:
  Maker(const Credentials& credentials, std::string_view host)
      : credentials_(credentials), host_(host), now_ms_(SystemClock().wall_ms()) {}

  std::string kinesis(std::string_view operation, std::string_view body) {
    return signed_post(credentials_, host_, "kinesis",
                       fmt::format("Kinesis_20131202.{}", operation), "application/x-amz-json-1.1",
                       body, now_ms_);
  }
  std::string dynamodb(std::string_view operation, std::string_view body) {
    return signed_post(credentials_, host_, "dynamodb",
                       fmt::format("DynamoDB_20120810.{}", operation), "application/x-amz-json-1.0",
                       body, now_ms_);
  }
  // A record with random bytes and a random key.
  std::string record(size_t bytes) {
    std::string data(bytes, '\0');
    random_.fill(data.data(), data.size());
    return fmt::format(R"("Data":"{}","PartitionKey":"{:016x}")", base64_encode(data),
                       random_.next_u64());
  }
  std::string text(size_t size) { return random_.text(size, kLetters); }

 private:
  const Credentials& credentials_;
  const std::string host_;
  const int64_t now_ms_;
  SeededRandom random_{kSeed};
};

Workload put_record(Maker& maker) {
  Workload workload{.name = "PutRecord 1 KB", .expected = "\"SequenceNumber\""};
  for (int i = 0; i < 20'000; ++i) {
    workload.requests.push_back(maker.kinesis(
        "PutRecord", fmt::format(R"({{"StreamName":"bench",{}}})", maker.record(1024))));
  }
  return workload;
}

Workload put_records(Maker& maker) {
  Workload workload{.name = "PutRecords 500 x 100 B",
                    .records_per_request = 500,
                    .expected = "\"FailedRecordCount\":0"};
  for (int i = 0; i < 400; ++i) {
    std::string records;
    for (int j = 0; j < 500; ++j) {
      records += (j == 0 ? "{" : ",{") + maker.record(100) + "}";
    }
    workload.requests.push_back(maker.kinesis(
        "PutRecords", fmt::format(R"({{"StreamName":"bench","Records":[{}]}})", records)));
  }
  return workload;
}

Workload put_item(Maker& maker) {
  Workload workload{.name = "PutItem 1 KB", .expected = "{"};
  for (size_t i = 0; i < kItems; ++i) {
    workload.requests.push_back(maker.dynamodb(
        "PutItem",
        fmt::format(R"({{"TableName":"bench","Item":{{"id":{{"S":"{:08}"}},"v":{{"S":"{}"}}}}}})",
                    i, maker.text(1000))));
  }
  return workload;
}

Workload get_item(Maker& maker) {
  Workload workload{.name = "GetItem 1 KB, strongly consistent", .expected = "\"Item\""};
  for (size_t i = 0; i < kItems; ++i) {
    workload.requests.push_back(maker.dynamodb(
        "GetItem",
        fmt::format(
            R"({{"TableName":"bench","ConsistentRead":true,"Key":{{"id":{{"S":"{:08}"}}}}}})",
            i * 7919 % kItems)));
  }
  return workload;
}

}  // namespace

std::optional<Workload> make_workload(std::string_view name, const Credentials& credentials,
                                      std::string_view host) {
  Maker maker(credentials, host);
  if (name == "put_record") return put_record(maker);
  if (name == "put_records") return put_records(maker);
  if (name == "put_item") return put_item(maker);
  if (name == "get_item") return get_item(maker);
  return std::nullopt;
}

}  // namespace millstream::bench
