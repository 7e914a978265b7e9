#include <fmt/format.h>

#include "aws_workloads.h"
#include "base/base64.h"
#include "request_pool.h"

namespace millstream::bench {
namespace {

constexpr size_t kRecordsPerPut = 500;
constexpr size_t kPutRecordRequests = 20'000;
constexpr size_t kPutRecordsRequests = 300;
constexpr size_t kNumberedRequests = 200'000;

// A record with random bytes and a random key.
std::string record(AwsMaker& maker, size_t bytes) {
  return fmt::format(R"("Data":"{}","PartitionKey":"{:016x}")", base64_encode(maker.bytes(bytes)),
                     maker.random().next_u64());
}

}  // namespace

std::unique_ptr<Workload> put_record(AwsMaker& maker, size_t bytes) {
  std::vector<RequestPool::Entry> entries;
  for (size_t i = 0; i < kPutRecordRequests; ++i) {
    entries.push_back(
        {maker.kinesis("PutRecord", fmt::format(R"({{"StreamName":"{}",{}}})",
                                                maker.options().stream, record(maker, bytes))),
         "\"SequenceNumber\""});
  }
  return std::make_unique<RequestPool>(std::move(entries), RequestPool::Expectation{},
                                       maker.options().slots);
}

// The data is the request's number, so that a reader can tell which record it sees.
std::unique_ptr<Workload> put_record_numbered(AwsMaker& maker) {
  std::vector<RequestPool::Entry> entries;
  for (size_t i = 0; i < kNumberedRequests; ++i) {
    entries.push_back(
        {maker.kinesis(
             "PutRecord",
             fmt::format(R"({{"StreamName":"{}","Data":"{}","PartitionKey":"{}"}})",
                         maker.options().stream, base64_encode(fmt::format("{:09}", i)), i)),
         "\"SequenceNumber\""});
  }
  return std::make_unique<RequestPool>(std::move(entries), RequestPool::Expectation{},
                                       maker.options().slots);
}

std::unique_ptr<Workload> put_records(AwsMaker& maker, size_t bytes) {
  std::vector<RequestPool::Entry> entries;
  for (size_t i = 0; i < kPutRecordsRequests; ++i) {
    std::string records;
    for (size_t j = 0; j < kRecordsPerPut; ++j) {
      records += (j == 0 ? "{" : ",{") + record(maker, bytes) + "}";
    }
    entries.push_back(
        {maker.kinesis("PutRecords", fmt::format(R"({{"StreamName":"{}","Records":[{}]}})",
                                                 maker.options().stream, records)),
         "\"FailedRecordCount\":0"});
  }
  return std::make_unique<RequestPool>(
      std::move(entries), RequestPool::Expectation{.units = kRecordsPerPut}, maker.options().slots);
}

}  // namespace millstream::bench
