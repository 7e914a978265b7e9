#include <fmt/format.h>

#include "aws_workloads.h"
#include "base/clock.h"

namespace millstream::bench {
namespace {

constexpr uint64_t kSeed = 20'261'122;
constexpr char kLetters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

}  // namespace

AwsMaker::AwsMaker(const WorkloadOptions& options)
    : options_(options),
      signer_(options.credentials, options.host, SystemClock().wall_ms()),
      random_(kSeed) {}

Request AwsMaker::kinesis(std::string_view operation, std::string body) {
  return make_http_request(options_.protocol,
                           signer_.sign("kinesis", fmt::format("Kinesis_20131202.{}", operation),
                                        "application/x-amz-json-1.1", std::move(body)));
}

Request AwsMaker::dynamodb(std::string_view operation, std::string body) {
  return make_http_request(options_.protocol,
                           signer_.sign("dynamodb", fmt::format("DynamoDB_20120810.{}", operation),
                                        "application/x-amz-json-1.0", std::move(body)));
}

std::string AwsMaker::bytes(size_t size) {
  std::string data(size, '\0');
  random_.fill(data.data(), data.size());
  return data;
}

std::string AwsMaker::text(size_t size) {
  return random_.text(size, kLetters);
}

}  // namespace millstream::bench
