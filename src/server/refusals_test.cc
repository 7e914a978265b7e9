#include "server/refusals.h"

#include <gtest/gtest.h>

#include <vector>

namespace millstream::server {
namespace {

TEST(Refusals, AreToldOneByOneUntilThereAreTooManyOfThem) {
  ManualClock clock(0);
  std::vector<std::string> lines;
  Metrics metrics;
  Refusals refusals(clock, metrics, [&](const std::string& line) { lines.push_back(line); });
  for (int i = 0; i < 100; ++i) refusals.tell("a flood");
  ASSERT_EQ(lines.size(), Refusals::kLinesPerSecondMax);
  EXPECT_EQ(lines.front(), "refused: a flood");
  clock.advance_ms(1000);
  refusals.tell("something else");
  ASSERT_EQ(lines.size(), Refusals::kLinesPerSecondMax + 2);
  EXPECT_EQ(lines[lines.size() - 2], "refused: 90 more that are not told one by one");
  EXPECT_EQ(lines.back(), "refused: something else");
  clock.advance_ms(1000);
  refusals.tell("again");
  EXPECT_EQ(lines.back(), "refused: again");
  EXPECT_EQ(lines.size(), Refusals::kLinesPerSecondMax + 3);
}

}  // namespace
}  // namespace millstream::server
