#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/random.h"
#include "workload.h"

namespace millstream::bench {

// Makes signed requests, and the random data in them, for the workloads below.
class AwsMaker {
 public:
  explicit AwsMaker(const WorkloadOptions& options);

  Request kinesis(std::string_view operation, std::string body);
  Request dynamodb(std::string_view operation, std::string body);
  // Random bytes, or letters and digits.
  std::string bytes(size_t size);
  std::string text(size_t size);
  [[nodiscard]] Random& random() { return random_; }
  [[nodiscard]] const WorkloadOptions& options() const { return options_; }

 private:
  const WorkloadOptions options_;
  Signer signer_;
  SeededRandom random_;
};

std::unique_ptr<Workload> put_record(AwsMaker& maker, size_t bytes);
std::unique_ptr<Workload> put_record_numbered(AwsMaker& maker);
std::unique_ptr<Workload> put_records(AwsMaker& maker, size_t bytes);
// Each reader goes from its iterator to the newest record, page by page.
std::unique_ptr<Workload> get_records(std::unique_ptr<AwsMaker> maker);

// The table's hash key is "id", a string of ten digits; an item's "v" is text of 1,000 characters.
std::unique_ptr<Workload> put_item(AwsMaker& maker);
std::unique_ptr<Workload> put_item_conditional(AwsMaker& maker);
std::unique_ptr<Workload> get_item(AwsMaker& maker);
std::unique_ptr<Workload> update_item_hot(AwsMaker& maker);
std::unique_ptr<Workload> describe_endpoints(AwsMaker& maker);
// Writes each of the keys below `items` once, 25 an operation, with 100 bytes each.
std::unique_ptr<Workload> fill_items(std::unique_ptr<AwsMaker> maker);

}  // namespace millstream::bench
