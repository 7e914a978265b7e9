#include "sim/simulation.h"

#include <gtest/gtest.h>

#include <vector>

namespace millstream::sim {
namespace {

std::vector<std::string> lines_of(const History& history, uint64_t* digest) {
  std::vector<std::string> lines;
  const SimulationOutcome outcome =
      simulate(history, [&lines](const std::string& line) { lines.push_back(line); });
  EXPECT_FALSE(outcome.finding) << outcome.finding->check << ": " << outcome.finding->detail;
  *digest = outcome.digest;
  return lines;
}

TEST(Simulation, TheSameSeedTakesTheSameCourse) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    uint64_t first = 0;
    uint64_t second = 0;
    const std::vector<std::string> lines = lines_of(make_history(seed), &first);
    EXPECT_EQ(lines, lines_of(make_history(seed), &second)) << "seed " << seed;
    EXPECT_EQ(first, second) << "seed " << seed;
  }
}

TEST(Simulation, AnotherSeedTakesAnotherCourse) {
  uint64_t first = 0;
  uint64_t second = 0;
  const std::vector<std::string> lines = lines_of(make_history(1), &first);
  EXPECT_NE(lines, lines_of(make_history(2), &second));
  EXPECT_NE(first, second);
}

TEST(Simulation, WhatIsLeftOfACutHistoryIsUnchanged) {
  History history = make_history(3);
  const std::vector<Step> steps = history.steps;
  history.kept = parse_kept("0-4,7");
  EXPECT_EQ(kept_text(history.kept), "0-4,7");
  uint64_t digest = 0;
  const std::vector<std::string> lines = lines_of(history, &digest);
  size_t done = 0;
  for (const std::string& line : lines) done += line == name_of(steps[7].kind) ? 1 : 0;
  EXPECT_GE(done, 1u);
}

TEST(History, ATextThatIsNoListOfStepsKeepsNothing) {
  EXPECT_TRUE(parse_kept("1-x").empty());
  EXPECT_TRUE(parse_kept("one").empty());
}

}  // namespace
}  // namespace millstream::sim
