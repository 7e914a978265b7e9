#include "pacer.h"

#include <gtest/gtest.h>

namespace millstream::bench {
namespace {

constexpr int64_t kStartUs = 5'000'000;

TEST(Pacer, ClosedIsDueAtOnceUntilTheEnd) {
  const Pacer pacer({.duration_us = 1'000}, kStartUs);
  EXPECT_EQ(pacer.next_due(kStartUs + 7), kStartUs + 7);
  EXPECT_EQ(pacer.next_due(kStartUs + 999), kStartUs + 999);
  EXPECT_EQ(pacer.next_due(kStartUs + 1'000), std::nullopt);
}

TEST(Pacer, ClosedEndsAfterTheMostRequests) {
  Pacer pacer({.duration_us = 1'000'000, .requests_max = 2}, kStartUs);
  pacer.take();
  EXPECT_TRUE(pacer.next_due(kStartUs).has_value());
  pacer.take();
  EXPECT_FALSE(pacer.next_due(kStartUs).has_value());
}

TEST(Pacer, ConstantRateKeepsToItsTimesHoweverLateItIs) {
  Pacer pacer({.rate = 1'000, .duration_us = 3'500}, kStartUs);
  for (int64_t due : {0, 1'000, 2'000}) {
    EXPECT_EQ(pacer.next_due(kStartUs + 1'000'000), kStartUs + due);
    pacer.take();
  }
  EXPECT_EQ(pacer.next_due(kStartUs), std::nullopt);
  EXPECT_EQ(pacer.left(kStartUs), 0u);
}

TEST(Pacer, ConstantRateDoesntDriftWithAnUnevenInterval) {
  Pacer pacer({.rate = 3, .duration_us = 10'000'000}, kStartUs);
  for (int i = 0; i < 29; ++i) pacer.take();
  EXPECT_EQ(pacer.next_due(0), kStartUs + 9'666'666);
  EXPECT_EQ(pacer.left(0), 1u);
}

}  // namespace
}  // namespace millstream::bench
