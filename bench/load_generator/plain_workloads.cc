#include "plain_workloads.h"

#include <fmt/format.h>

#include <initializer_list>

#include "base/random.h"
#include "request_pool.h"

namespace millstream::bench {
namespace {

constexpr uint64_t kSeed = 20'261'122;
constexpr size_t kValueBytes = 1'024;
constexpr size_t kRequestsMax = 10'000;
constexpr char kLetters[] = "abcdefghijklmnopqrstuvwxyz0123456789";

Request command(std::initializer_list<std::string_view> parts) {
  std::string bytes = fmt::format("*{}\r\n", parts.size());
  for (std::string_view part : parts) bytes += fmt::format("${}\r\n{}\r\n", part.size(), part);
  return {.bytes = std::move(bytes)};
}

std::string key_of(size_t i) {
  return fmt::format("item:{:010}", i);
}

size_t keys(const WorkloadOptions& options) {
  return static_cast<size_t>(std::min<uint64_t>(options.items, kRequestsMax));
}

std::unique_ptr<Workload> pool(const WorkloadOptions& options,
                               std::vector<RequestPool::Entry> entries, size_t bytes_min = 0) {
  return std::make_unique<RequestPool>(
      std::move(entries), RequestPool::Expectation{.body_bytes_min = bytes_min}, options.slots);
}

}  // namespace

std::unique_ptr<Workload> get_path(const WorkloadOptions& options, const char* path,
                                   const char* expected) {
  std::vector<RequestPool::Entry> entries;
  entries.push_back(
      {make_http_request(options.protocol, {.method = "GET", .path = path, .host = options.host}),
       expected});
  return pool(options, std::move(entries));
}

std::unique_ptr<Workload> redis_set(const WorkloadOptions& options) {
  SeededRandom random(kSeed);
  std::vector<RequestPool::Entry> entries;
  for (size_t i = 0; i < keys(options); ++i) {
    const std::string key = key_of(i);
    const std::string value = key + random.text(kValueBytes - key.size(), kLetters);
    entries.push_back({command({"SET", key, value}), "OK"});
  }
  return pool(options, std::move(entries));
}

std::unique_ptr<Workload> redis_get(const WorkloadOptions& options) {
  std::vector<RequestPool::Entry> entries;
  for (size_t i = 0; i < keys(options); ++i) {
    entries.push_back({command({"GET", key_of(i)}), key_of(i)});
  }
  return pool(options, std::move(entries), kValueBytes);
}

std::unique_ptr<Workload> redis_incr(const WorkloadOptions& options) {
  std::vector<RequestPool::Entry> entries;
  entries.push_back({command({"INCR", "hot"}), ""});
  return pool(options, std::move(entries), 1);
}

}  // namespace millstream::bench
