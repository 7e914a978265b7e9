#include "server/plan.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace millstream::server {
namespace {

Plan plan(double records_per_second, int64_t record_bytes, int64_t consumers,
          int64_t retention_hours = 24, int64_t node_cores = 16) {
  return plan_kinesis({records_per_second, record_bytes, consumers, retention_hours, node_cores});
}

TEST(Plan, GivesTheShardsThatAreOftenQuoted) {
  const Plan large = plan(1e6, 65'000, 3);
  EXPECT_EQ(large.shards, 97'500);
  EXPECT_EQ(large.shards_bound, "read bytes");
  EXPECT_DOUBLE_EQ(large.bytes_per_second_in, 65e9);
  EXPECT_DOUBLE_EQ(large.bytes_per_second_out, 195e9);
  EXPECT_DOUBLE_EQ(large.bytes_per_day, 5.616e15);
  EXPECT_EQ(large.streams, 1);
}

TEST(Plan, TakesTheLargestOfTheThreeBounds) {
  EXPECT_EQ(plan(1000, 1000, 1).shards, 1);
  EXPECT_EQ(plan(1001, 100, 1).shards, 2);
  EXPECT_EQ(plan(1001, 100, 1).shards_bound, "records");
  EXPECT_EQ(plan(10, 1'000'000, 1).shards, 10);
  EXPECT_EQ(plan(10, 1'000'000, 1).shards_bound, "write bytes");
  EXPECT_EQ(plan(10, 1'000'000, 2).shards, 10);
  EXPECT_EQ(plan(10, 1'000'000, 3).shards, 15);
  EXPECT_EQ(plan(10, 1'000'000, 0).shards, 10);
  EXPECT_EQ(plan(0.001, 1, 1).shards, 1);
}

TEST(Plan, DividesAmongStreamsWhatOneCannotHold) {
  EXPECT_EQ(plan(1e8, 1000, 1).streams, 1);
  EXPECT_EQ(plan(1e8 + 1, 1000, 1).streams, 2);
}

TEST(Plan, DiskGrowsWithTheRetention) {
  const double day = plan(1000, 1000, 1, 24).disk_bytes;
  EXPECT_DOUBLE_EQ(plan(1000, 1000, 1, 240).disk_bytes, 10 * day);
  EXPECT_GT(day, 1000.0 * 1000 * 86'400);
  EXPECT_LT(day, 1000.0 * 1000 * 86'400 * 1.25);
}

TEST(Plan, NodesAreCoresDivided) {
  EXPECT_EQ(plan(1000, 100, 1).nodes, 1);
  const Plan sixteen = plan(1e6, 65'000, 3, 24, 16);
  EXPECT_EQ(sixteen.nodes, static_cast<int64_t>(std::ceil(sixteen.cores / 16)));
  EXPECT_EQ(plan(1e6, 65'000, 3, 24, 64).nodes,
            static_cast<int64_t>(std::ceil(sixteen.cores / 64)));
}

TEST(Plan, ReadsSizesAndRates) {
  EXPECT_EQ(*parse_size("65KB"), 65'000);
  EXPECT_EQ(*parse_size("64KiB"), 65'536);
  EXPECT_EQ(*parse_size("1.5MB"), 1'500'000);
  EXPECT_EQ(*parse_size("10MiB"), 10 << 20);
  EXPECT_EQ(*parse_size("100B"), 100);
  EXPECT_EQ(*parse_size("100"), 100);
  EXPECT_DOUBLE_EQ(*parse_rate("1e6"), 1e6);
  EXPECT_DOUBLE_EQ(*parse_rate("0.5"), 0.5);
  for (const char* wrong : {"", "KB", "-1KB", "0", "1GB", "11MiB", "10 KB", "nan"}) {
    EXPECT_FALSE(parse_size(wrong)) << wrong;
  }
  for (const char* wrong : {"", "many", "-1", "0", "inf", "1e6/s"}) {
    EXPECT_FALSE(parse_rate(wrong)) << wrong;
  }
}

TEST(Plan, IsToldInWordsAndInJson) {
  const PlanRequest request{1e6, 65'000, 3, 24, 16};
  const Plan made = plan_kinesis(request);
  const std::string words = plan_in_words(request, made);
  EXPECT_NE(words.find("97,500, because of read bytes"), std::string::npos) << words;
  EXPECT_NE(words.find("65 GB a second, 5.62 PB a day"), std::string::npos) << words;
  EXPECT_NE(words.find("asks for 7 on-demand streams"), std::string::npos) << words;
  const auto json = nlohmann::json::parse(plan_as_json(request, made));
  EXPECT_EQ(json["shards"], 97'500);
  EXPECT_EQ(json["nodes"], made.nodes);
}

}  // namespace
}  // namespace millstream::server
