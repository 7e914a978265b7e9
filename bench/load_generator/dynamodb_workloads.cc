#include <fmt/format.h>

#include <algorithm>

#include "aws_workloads.h"
#include "request_pool.h"

namespace millstream::bench {
namespace {

constexpr size_t kRequestsMax = 10'000;
constexpr size_t kTextBytes = 1'000;
constexpr size_t kFillTextBytes = 70;
constexpr size_t kItemsPerFill = 25;
constexpr uint64_t kStep = 7'919;  // a prime: neighbours in the pool are far apart in the table

std::string item_id(uint64_t number) {
  return fmt::format("{:010}", number);
}

// The i-th of the pool's keys, spread over all keys below `items`.
std::string pool_id(const WorkloadOptions& options, size_t i) {
  const uint64_t requests = std::min<uint64_t>(kRequestsMax, options.items);
  return item_id((i * kStep % requests) * (options.items / requests));
}

// `make(id)` gives a request's body and what its answer contains.
template <class Make>
std::unique_ptr<Workload> keyed_pool(AwsMaker& maker, std::string_view operation, size_t bytes_min,
                                     Make make) {
  std::vector<RequestPool::Entry> entries;
  const auto requests =
      static_cast<size_t>(std::min<uint64_t>(kRequestsMax, maker.options().items));
  for (size_t i = 0; i < requests; ++i) {
    auto [body, expected] = make(pool_id(maker.options(), i));
    entries.push_back({maker.dynamodb(operation, std::move(body)), std::move(expected)});
  }
  return std::make_unique<RequestPool>(std::move(entries),
                                       RequestPool::Expectation{.body_bytes_min = bytes_min},
                                       maker.options().slots);
}

using BodyAndExpected = std::pair<std::string, std::string>;

std::unique_ptr<Workload> puts(AwsMaker& maker, std::string_view more) {
  return keyed_pool(maker, "PutItem", 0, [&](const std::string& id) {
    return BodyAndExpected(
        fmt::format(R"({{"TableName":"{}","Item":{{"id":{{"S":"{}"}},"v":{{"S":"{}"}}}}{}}})",
                    maker.options().table, id, maker.text(kTextBytes), more),
        "{");
  });
}

// Fills a table: a request is made when it is sent, for there may be millions of items.
class ItemFill final : public Workload {
 public:
  explicit ItemFill(std::unique_ptr<AwsMaker> maker)
      : maker_(std::move(maker)), requests_(maker_->options().slots), counts_(requests_.size()) {}

  const Request* next(size_t slot) override {
    const uint64_t end = std::min(next_ + kItemsPerFill, maker_->options().items);
    if (next_ == end) return nullptr;
    std::string puts;
    for (uint64_t number = next_; number < end; ++number) {
      puts +=
          fmt::format(R"({}{{"PutRequest":{{"Item":{{"id":{{"S":"{}"}},"v":{{"S":"{}"}}}}}}}})",
                      number == next_ ? "" : ",", item_id(number), maker_->text(kFillTextBytes));
    }
    counts_[slot] = static_cast<size_t>(end - next_);
    next_ = end;
    requests_[slot] = maker_->dynamodb(
        "BatchWriteItem",
        fmt::format(R"({{"RequestItems":{{"{}":[{}]}}}})", maker_->options().table, puts));
    return &requests_[slot];
  }

  size_t check(size_t slot, const Answer& answer) override {
    const bool good =
        answer.status == 200 && answer.body.find("\"UnprocessedItems\":{}") != answer.body.npos;
    return good ? counts_[slot] : 0;
  }

 private:
  const std::unique_ptr<AwsMaker> maker_;
  std::vector<Request> requests_;
  std::vector<size_t> counts_;  // by slot: items under way
  uint64_t next_ = 0;
};

}  // namespace

std::unique_ptr<Workload> put_item(AwsMaker& maker) {
  return puts(maker, "");
}

std::unique_ptr<Workload> put_item_conditional(AwsMaker& maker) {
  return puts(maker, R"~(,"ConditionExpression":"attribute_exists(id)")~");
}

std::unique_ptr<Workload> get_item(AwsMaker& maker) {
  return keyed_pool(maker, "GetItem", kTextBytes, [&](const std::string& id) {
    return BodyAndExpected(
        fmt::format(R"({{"TableName":"{}","ConsistentRead":true,"Key":{{"id":{{"S":"{}"}}}}}})",
                    maker.options().table, id),
        id);
  });
}

std::unique_ptr<Workload> update_item_hot(AwsMaker& maker) {
  std::vector<RequestPool::Entry> entries;
  entries.push_back(
      {maker.dynamodb("UpdateItem",
                      fmt::format(R"({{"TableName":"{}","Key":{{"id":{{"S":"hot"}}}},)"
                                  R"("UpdateExpression":"ADD hits :one",)"
                                  R"("ExpressionAttributeValues":{{":one":{{"N":"1"}}}},)"
                                  R"("ReturnValues":"UPDATED_NEW"}})",
                                  maker.options().table)),
       R"("hits":{"N":")"});
  return std::make_unique<RequestPool>(std::move(entries), RequestPool::Expectation{},
                                       maker.options().slots);
}

std::unique_ptr<Workload> describe_endpoints(AwsMaker& maker) {
  std::vector<RequestPool::Entry> entries;
  entries.push_back({maker.dynamodb("DescribeEndpoints", "{}"), "\"CachePeriodInMinutes\""});
  return std::make_unique<RequestPool>(std::move(entries), RequestPool::Expectation{},
                                       maker.options().slots);
}

std::unique_ptr<Workload> fill_items(std::unique_ptr<AwsMaker> maker) {
  return std::make_unique<ItemFill>(std::move(maker));
}

}  // namespace millstream::bench
