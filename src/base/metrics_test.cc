#include "base/metrics.h"

#include <gtest/gtest.h>

#include <thread>

namespace millstream {
namespace {

TEST(Metrics, ShowsCountersAndGaugesByFamily) {
  Metrics metrics;
  metrics.counter("b_total", "How many b.", {{"kind", "one"}}).add(3);
  metrics.counter("b_total", "How many b.", {{"kind", "a \"quoted\"\\\n"}}).add();
  Counter& level = metrics.gauge("a", "A level.");
  level.add(5);
  level.add(-7);
  EXPECT_EQ(metrics.text(),
            "# HELP a A level.\n# TYPE a gauge\na -2\n"
            "# HELP b_total How many b.\n# TYPE b_total counter\n"
            "b_total{kind=\"one\"} 3\n"
            "b_total{kind=\"a \\\"quoted\\\"\\\\\\n\"} 1\n");
}

TEST(Metrics, GivesTheSameFigureToWhoeverAsksForIt) {
  Metrics metrics;
  Counter& first = metrics.counter("x_total", "X.", {{"l", "1"}});
  EXPECT_EQ(&metrics.counter("x_total", "X.", {{"l", "1"}}), &first);
  EXPECT_NE(&metrics.counter("x_total", "X.", {{"l", "2"}}), &first);
}

TEST(Metrics, ShowsAHistogramsClassesCumulated) {
  Metrics metrics;
  Histogram& latency = metrics.histogram("t_seconds", "T.", 1e-6, {{"op", "p"}});
  metrics.histogram("t_seconds", "T.", 1e-6, {{"op", "silent"}});
  for (const int64_t us : {3, 4, 5, 1000}) latency.record(us);
  const std::string text = metrics.text();
  EXPECT_EQ(text.find("silent"), std::string::npos);
  EXPECT_EQ(text.find("# HELP t_seconds T.\n# TYPE t_seconds histogram\n"
                      "t_seconds_bucket{op=\"p\",le=\"1e-06\"} 0\n"
                      "t_seconds_bucket{op=\"p\",le=\"2e-06\"} 0\n"
                      "t_seconds_bucket{op=\"p\",le=\"4e-06\"} 2\n"
                      "t_seconds_bucket{op=\"p\",le=\"8e-06\"} 3\n"),
            0u)
      << text;
  EXPECT_NE(text.find("t_seconds_bucket{op=\"p\",le=\"0.001024\"} 4\n"), std::string::npos);
  EXPECT_TRUE(
      text.ends_with("t_seconds_bucket{op=\"p\",le=\"+Inf\"} 4\n"
                     "t_seconds_sum{op=\"p\"} 0.001012\n"
                     "t_seconds_count{op=\"p\"} 4\n"))
      << text;
}

TEST(Metrics, PutsEachValueIntoTheClassThatEndsAtOrAboveIt) {
  Histogram histogram;
  histogram.record(-1);
  histogram.record(0);
  histogram.record(1);
  histogram.record(2);
  histogram.record(int64_t{1} << 31);
  histogram.record((int64_t{1} << 31) + 1);
  histogram.record(INT64_MAX / 2);
  const Histogram::Snapshot snapshot = histogram.snapshot();
  EXPECT_EQ(snapshot.counts[0], 3u);
  EXPECT_EQ(snapshot.counts[1], 1u);
  EXPECT_EQ(snapshot.counts[31], 1u);
  EXPECT_EQ(snapshot.counts[32], 2u);
  EXPECT_EQ(snapshot.count, 7u);
}

TEST(Metrics, AsksForFiguresThatAreLookedUp) {
  Metrics metrics;
  double age = 1.5;
  metrics.gauges("age_seconds", "Age.", [&] {
    return std::vector<Metrics::Reading>{{{{"trigger", "t1"}}, age}, {{{"trigger", "t2"}}, 0}};
  });
  EXPECT_EQ(metrics.text(),
            "# HELP age_seconds Age.\n# TYPE age_seconds gauge\n"
            "age_seconds{trigger=\"t1\"} 1.5\nage_seconds{trigger=\"t2\"} 0\n");
}

TEST(Metrics, LosesNothingThatManyThreadsCountAtOnce) {
  Metrics metrics;
  Counter& counter = metrics.counter("n_total", "N.");
  Histogram& histogram = metrics.histogram("h", "H.", 1);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 50'000; ++round) {
        counter.add();
        histogram.record(round);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(counter.value(), 200'000);
  EXPECT_EQ(histogram.snapshot().count, 200'000u);
}

}  // namespace
}  // namespace millstream
