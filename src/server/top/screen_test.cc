#include "server/top/screen.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/metrics.h"

namespace millstream::server {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

MetricsReading read(const std::string& text) {
  Result<MetricsReading> reading = MetricsReading::parse(text);
  EXPECT_TRUE(reading.ok()) << (reading ? "" : reading.error().message);
  return reading ? reading.take() : MetricsReading();
}

TEST(MetricsReading, ReadsWhatMetricsWrites) {
  Metrics metrics;
  metrics.counter("n_total", "N.", {{"a", "x"}, {"b", "say \"no\"\\\n"}}).add(3);
  metrics.counter("n_total", "N.", {{"a", "x"}, {"b", "other"}}).add(4);
  metrics.counter("n_total", "N.", {{"a", "y"}}).add(5);
  metrics.gauge("level", "L.").add(-2);
  metrics.histogram("t_seconds", "T.", 1e-6).record(1000);
  const MetricsReading reading = read(metrics.text());
  EXPECT_EQ(reading.sum("n_total"), 12);
  EXPECT_EQ(reading.sum("n_total", {{"a", "x"}}), 7);
  EXPECT_EQ(reading.sum("n_total", {{"b", "say \"no\"\\\n"}}), 3);
  EXPECT_EQ(reading.sum("level"), -2);
  EXPECT_EQ(reading.sum("nothing"), 0);
  EXPECT_EQ(reading.classes("t_seconds").at(0.001024), 1);
  EXPECT_EQ(reading.classes("t_seconds").at(0.000512), 0);
}

TEST(MetricsReading, RefusesALineThatIsNone) {
  for (const char* text : {"n", "n{a=\"b\" 1", "n{a} 1", "n one", "n{a=\"b} 1", "n 1 2"}) {
    EXPECT_FALSE(MetricsReading::parse(text).ok()) << text;
  }
}

TEST(MetricsReading, TellsTheQuantilesOfTheTimeBetween) {
  Metrics metrics;
  Histogram& latency = metrics.histogram("t_seconds", "T.", 1e-6);
  for (int i = 0; i < 1000; ++i) latency.record(1'000'000);
  const MetricsReading before = read(metrics.text());
  for (int i = 0; i < 98; ++i) latency.record(100);
  latency.record(3000);
  latency.record(3000);
  const MetricsReading now = read(metrics.text());
  EXPECT_DOUBLE_EQ(quantile_between(before, now, "t_seconds", {}, 0.5), 128e-6);
  EXPECT_DOUBLE_EQ(quantile_between(before, now, "t_seconds", {}, 0.99), 4096e-6);
  EXPECT_EQ(quantile_between(now, now, "t_seconds", {}, 0.5), 0);
}

TEST(TopScreen, ShowsTheBusiestOperationFirst) {
  Metrics metrics;
  const auto requests = [&](const char* operation, const char* result) -> Counter& {
    return metrics.counter("millstream_requests_total", "R.",
                           {{"service", "kinesis"}, {"operation", operation}, {"result", result}});
  };
  requests("GetRecords", "ok").add(10);
  requests("PutRecord", "ok").add(10);
  requests("PutRecord", "throttled");
  requests("ListStreams", "ok");
  metrics.gauge("millstream_environments", "E.").add(7);
  metrics.gauges("millstream_trigger_iterator_age_seconds", "A.", [] {
    return std::vector<Metrics::Reading>{
        {{{"trigger", "u"}, {"stream", "flights"}, {"function", "count"}}, 1.25}};
  });
  const MetricsReading before = read(metrics.text());
  requests("GetRecords", "ok").add(20);
  requests("PutRecord", "ok").add(300);
  requests("PutRecord", "throttled").add(4);
  const std::vector<std::string> lines = top_screen(before, read(metrics.text()), 2);
  EXPECT_THAT(lines.front(), StartsWith("requests   162/s, 0 being handled"));
  EXPECT_THAT(lines, Contains("functions  7 environments"));
  EXPECT_THAT(lines, Contains(HasSubstr("flights to count: 1.2 s behind")));
  ASSERT_GE(lines.size(), 2u);
  EXPECT_THAT(lines[lines.size() - 2], MatchesRegex("kinesis.PutRecord +152 +- +- +0 +2 +0"));
  EXPECT_THAT(lines.back(), MatchesRegex("kinesis.GetRecords +10 +- +- +0 +0 +0"));
}

}  // namespace
}  // namespace millstream::server
