#include "histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/random.h"

namespace millstream::bench {
namespace {

TEST(Histogram, IsZeroWhenNothingWasRecorded) {
  const Histogram histogram;
  EXPECT_EQ(histogram.percentile(0.5), 0u);
  EXPECT_EQ(histogram.max(), 0u);
  EXPECT_EQ(histogram.min(), 0u);
  EXPECT_EQ(histogram.mean(), 0);
}

TEST(Histogram, IsExactForSmallValues) {
  Histogram histogram;
  for (uint64_t value = 1; value <= 100; ++value) histogram.record(value);
  EXPECT_EQ(histogram.percentile(0), 1u);
  EXPECT_EQ(histogram.percentile(0.5), 50u);
  EXPECT_EQ(histogram.percentile(0.99), 99u);
  EXPECT_EQ(histogram.percentile(1), 100u);
  EXPECT_DOUBLE_EQ(histogram.mean(), 50.5);
}

TEST(Histogram, NeverTellsLessNorMuchMoreThanWasRecorded) {
  constexpr uint64_t kSeed = 7;
  SCOPED_TRACE(kSeed);
  SeededRandom random(kSeed);
  Histogram histogram;
  std::vector<uint64_t> values;
  for (int i = 0; i < 20'000; ++i) {
    values.push_back(random.next_u64() >> (random.next_u64() % 60));
    histogram.record(values.back());
  }
  std::sort(values.begin(), values.end());
  for (double share : {0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 1.0}) {
    const auto rank = static_cast<size_t>(std::llround(share * 20'000));
    const uint64_t exact = values[rank - 1];
    EXPECT_GE(histogram.percentile(share), exact) << share;
    EXPECT_LE(histogram.percentile(share) - exact, exact / 128) << share;
  }
  EXPECT_EQ(histogram.max(), values.back());
  EXPECT_EQ(histogram.min(), values.front());
}

TEST(Histogram, HoldsTheLargestValue) {
  Histogram histogram;
  histogram.record(UINT64_MAX);
  EXPECT_EQ(histogram.percentile(0.5), UINT64_MAX);
}

TEST(Histogram, MergedIsAsIfRecordedInOne) {
  Histogram one, other, both;
  for (uint64_t value : {3u, 5'000u, 70'000u}) {
    one.record(value);
    both.record(value);
  }
  for (uint64_t value : {1u, 900'000u}) {
    other.record(value);
    both.record(value);
  }
  one.merge(other);
  EXPECT_EQ(one.count(), 5u);
  EXPECT_EQ(one.min(), 1u);
  for (double share : {0.0, 0.2, 0.5, 0.8, 1.0}) {
    EXPECT_EQ(one.percentile(share), both.percentile(share));
  }
}

}  // namespace
}  // namespace millstream::bench
