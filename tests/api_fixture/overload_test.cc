#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixture.h"

namespace millstream {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

http::Request head_of(std::string method, std::string target,
                      std::vector<std::pair<std::string, std::string>> headers) {
  http::Request head;
  head.method = std::move(method);
  head.target = std::move(target);
  for (auto& [name, value] : headers) head.headers.add(std::move(name), std::move(value));
  return head;
}

http::Request json_head(const std::string& operation) {
  return head_of("POST", "/", {{"X-Amz-Target", "Fixture_20200101." + operation}});
}

TEST(Overload, IsToldInTheWordsOfTheOperation) {
  Fixture fixture;
  const http::Response json = fixture.json("Fail", R"({"Message":"no room"})");
  EXPECT_EQ(json.status, 400);
  EXPECT_THAT(json.body, HasSubstr("#ProvisionedThroughputExceededException\""));
  const http::Response query = fixture.query("Fail", "Message=no+room");
  EXPECT_EQ(query.status, 503);
  EXPECT_THAT(query.body, HasSubstr("<Code>ServiceUnavailable</Code>"));
  EXPECT_THAT(query.body, HasSubstr("<Type>Receiver</Type>"));
  const http::Response rest = fixture.rest("POST", "/fail", R"({"Message":"no room"})");
  EXPECT_EQ(rest.status, 400);
  EXPECT_EQ(rest.headers.get("x-amzn-errortype"), "ThrottlingException");
  // It is no fault of the server's inside.
  EXPECT_TRUE(fixture.failures.lines().empty());
}

TEST(Overload, IsToldOfARequestOfWhichOnlyTheHeadIsThere) {
  Fixture fixture;
  const http::Response modelled = fixture.overload_answer(json_head("Fail"));
  EXPECT_EQ(modelled.status, 400);
  EXPECT_THAT(modelled.body, HasSubstr("#ProvisionedThroughputExceededException\""));
  EXPECT_EQ(modelled.headers.get("x-amzn-requestid").size(), 36u);
  EXPECT_THAT(fixture.overload_answer(json_head("Echo")).body, HasSubstr("#ThrottlingException\""));

  fixture.authenticator.service = "fixture-query";
  const http::Response query = fixture.overload_answer(
      head_of("POST", "/", {{"Content-Type", "application/x-www-form-urlencoded"}}));
  EXPECT_EQ(query.status, 503);
  EXPECT_THAT(query.body, StartsWith("<ErrorResponse xmlns="));
  EXPECT_THAT(query.body, HasSubstr("<Code>ServiceUnavailable</Code>"));

  fixture.authenticator.service = "fixture-rest";
  const http::Response rest = fixture.overload_answer(head_of("POST", "/fail", {}));
  EXPECT_EQ(rest.status, 400);
  EXPECT_EQ(rest.headers.get("x-amzn-errortype"), "ThrottlingException");
}

TEST(RequestObserver, IsToldOfEveryAnswerOnce) {
  Fixture fixture;
  (void)fixture.json("Echo", R"({"Name":"a"})");
  (void)fixture.json("Fail", R"({"Message":"no such thing"})");
  (void)fixture.json("Fail", R"({"Message":"no room"})");
  (void)fixture.json("Fail", "{}");
  (void)fixture.json("Nothing", "{}");
  (void)fixture.overload_answer(json_head("Echo"));
  EXPECT_EQ(fixture.requests.lines(),
            (std::vector<std::string>{
                "fixture_json.Echo ok 200", "fixture_json.Fail refused 404 ThingMissingException",
                "fixture_json.Fail throttled 400 ProvisionedThroughputExceededException",
                "fixture_json.Fail failed 500 InternalFailure",
                "fixture_json.- refused 400 UnknownOperationException",
                "fixture_json.Echo throttled 400 ThrottlingException"}));
}

TEST(Judge, LetsComeWhatTheHeadHasNothingAgainst) {
  Fixture fixture;
  EXPECT_FALSE(fixture.judge(json_head("Echo")));
  // The operation of a Query request is in its body; that of a REST one is looked up later.
  EXPECT_FALSE(
      fixture.judge(head_of("POST", "/", {{"Content-Type", "application/x-www-form-urlencoded"}})));
}

TEST(Judge, RefusesWithTheAnswerThatTheWholeRequestWouldGet) {
  Fixture fixture;
  for (const char* operation : {"Nothing", "Echo"}) {
    fixture.authenticator.refuse = std::string_view(operation) == "Echo";
    const auto refused = fixture.judge(json_head(operation));
    ASSERT_TRUE(refused.has_value());
    const http::Response whole = fixture.json(operation, R"({"Name":"a"})");
    EXPECT_EQ(refused->status, whole.status);
    EXPECT_EQ(refused->body, whole.body);
    EXPECT_GE(refused->status, 400);
  }
}

}  // namespace
}  // namespace millstream
