#include "aws/request_ids.h"

#include <gmock/gmock.h>

#include <set>
#include <thread>
#include <vector>

namespace millstream::aws {
namespace {

constexpr uint64_t kSeed = 20'261'124;

TEST(RequestIdsTest, AreVersion4Uuids) {
  SeededRandom random(kSeed);
  RequestIds ids(random);
  for (int i = 0; i < 100; ++i) {
    EXPECT_THAT(ids.next(),
                testing::ContainsRegex("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-"
                                       "[0-9a-f]{12}$"));
  }
}

TEST(RequestIdsTest, DifferOverThreadsAndObjects) {
  SeededRandom random(kSeed);
  RequestIds first(random);
  RequestIds second(random);
  constexpr size_t kEach = 20'000;
  std::vector<std::vector<std::string>> drawn(4);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < drawn.size(); ++i) {
    threads.emplace_back([&, i] {
      RequestIds& ids = i % 2 == 0 ? first : second;
      for (size_t n = 0; n < kEach; ++n) drawn[i].push_back(ids.next());
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::string> all;
  for (const auto& some : drawn) all.insert(some.begin(), some.end());
  EXPECT_EQ(all.size(), drawn.size() * kEach);
}

TEST(RequestIdsTest, SpreadOverAllTheirBits) {
  SeededRandom random(kSeed);
  RequestIds ids(random);
  std::vector<std::set<char>> seen(36);
  for (int i = 0; i < 1000; ++i) {
    const std::string id = ids.next();
    for (size_t at = 0; at < id.size(); ++at) seen[at].insert(id[at]);
  }
  for (size_t at = 0; at < seen.size(); ++at) {
    if (at == 8 || at == 13 || at == 14 || at == 18 || at == 23) continue;
    EXPECT_EQ(seen[at].size(), at == 19 ? 4u : 16u) << "at " << at;
  }
}

}  // namespace
}  // namespace millstream::aws
