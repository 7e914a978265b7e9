#include "server/request_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace millstream::server {
namespace {

using aws::AnsweredRequest;
using ::testing::HasSubstr;
using ::testing::Not;

io::Task<aws::Result<>> invoke(void*, const aws::RequestContext&, aws::Exchange&) {
  co_return aws::Result<>();
}

TEST(RequestMetrics, CountsByOperationAndResultAndTellsOfThrottling) {
  const aws::OperationRow rows[] = {{.name = "Get", .invoke = invoke}, {.name = "Unbuilt"}};
  aws::ServiceModel model = {};
  model.name = "things";
  model.operations = rows;
  ManualClock clock;
  Metrics metrics;
  std::vector<std::string> lines;
  Refusals refusals(clock, metrics, [&](const std::string& line) { lines.push_back(line); });
  RequestMetrics requests(metrics, refusals);
  requests.add(model);

  requests.answered({&model, &rows[0], AnsweredRequest::Result::kOk, 200, "", "id-1", 100});
  requests.answered({&model, &rows[0], AnsweredRequest::Result::kOk, 200, "", "id-2", 3000});
  requests.answered(
      {&model, &rows[0], AnsweredRequest::Result::kThrottled, 400, "Slow", "id-3", 10});
  requests.answered(
      {&model, &rows[1], AnsweredRequest::Result::kFailed, 501, "NotImplemented", "id-4", 10});
  requests.answered({nullptr, nullptr, AnsweredRequest::Result::kRefused, 403, "No", "id-5", 1});

  const std::string text = metrics.text();
  EXPECT_THAT(text, HasSubstr("millstream_requests_total{service=\"things\",operation=\"Get\","
                              "result=\"ok\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("{service=\"things\",operation=\"Get\",result=\"throttled\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("operation=\"unknown\",result=\"failed\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("operation=\"unknown\",result=\"refused\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("millstream_request_seconds_count{service=\"things\","
                              "operation=\"Get\"} 3\n"));
  EXPECT_THAT(text, Not(HasSubstr("Unbuilt")));
  EXPECT_THAT(text, HasSubstr("millstream_refusals_total 1\n"));
  EXPECT_EQ(lines,
            std::vector<std::string>{"refused: request id-3: things.Get was throttled: Slow"});
}

}  // namespace
}  // namespace millstream::server
