#include <gtest/gtest.h>

#include "aws/rest/route.h"
#include "fixture.h"

namespace millstream {
namespace {

TEST(RestProtocol, ReadsThePathTheQueryTheHeadersAndTheBody) {
  Fixture fixture;
  const http::Response response = fixture.rest(
      "POST", "/things/a%2Eb?count=7&name=x&name=y", R"({"Big":5,"Tree":{"Label":"l"}})",
      {{"X-Flag", "true"}, {"X-When", "Sun, 22 Nov 2026 10:15:30 GMT"}});
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(response.headers.get("x-name"), "a.b");
  EXPECT_EQ(response.headers.get("x-flag"), "true");
  EXPECT_EQ(response.headers.get("x-when"), "Sun, 22 Nov 2026 10:15:30 GMT");
  EXPECT_EQ(response.headers.get("content-type"), "application/json");
  EXPECT_EQ(response.body, R"({"Count":7,"Big":5,"Names":["x","y"],"Tree":{"Label":"l"}})");
}

TEST(RestProtocol, CarriesAPayloadAsItIs) {
  Fixture fixture;
  const http::Response response =
      fixture.rest("POST", "/things/a/carry", std::string("\0{not json", 10));
  EXPECT_EQ(response.status, 202);
  EXPECT_EQ(response.headers.get("x-kind"), "a");
  EXPECT_EQ(response.body, std::string("\0{not json", 10));
}

TEST(RestProtocol, FormatsErrorsWithAHeader) {
  Fixture fixture;
  const http::Response missing = fixture.rest("POST", "/fail", R"({"Message":"gone"})");
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(missing.headers.get("x-amzn-errortype"), "ThingMissingException");
  EXPECT_EQ(missing.body, R"({"Type":"User","Message":"gone"})");

  const http::Response invalid = fixture.rest("POST", "/things/a%20b", "{}");
  EXPECT_EQ(invalid.headers.get("x-amzn-errortype"), "ValidationException");
  EXPECT_EQ(invalid.body.rfind(R"({"message":"1 validation error detected)", 0), 0u);
}

TEST(RestProtocol, RefusesWhatIsMalformed) {
  const std::pair<const char*, const char*> cases[] = {
      {"/things/a?count=x", "{}"}, {"/things/a?count=%", "{}"},     {"/things/a", "{"},
      {"/things/a", "[]"},         {"/things/a", R"({"Big":"x"})"}, {"/things/%ff", "{}"}};
  for (const auto& [target, body] : cases) {
    Fixture fixture;
    const int status = fixture.rest("POST", target, body).status;
    EXPECT_TRUE(status == 400 || status == 404) << target << " " << body << " " << status;
  }
  Fixture fixture;
  EXPECT_EQ(fixture.rest("POST", "/nowhere", "").status, 404);
  EXPECT_EQ(fixture.rest("GET", "/things/a", "").status, 404);
  EXPECT_EQ(fixture.rest("GET", "/unbuilt", "").status, 501);
  fixture.authenticator.refuse = true;
  EXPECT_EQ(fixture.rest("POST", "/things/a", "{}").status, 403);
}

TEST(Route, MayWantAFieldOfTheQuery) {
  EXPECT_TRUE(aws::match_route("/a?find=X", "/a", {{"find", "X"}}).has_value());
  EXPECT_FALSE(aws::match_route("/a?find=X", "/a", {{"find", "Y"}}).has_value());
  EXPECT_FALSE(aws::match_route("/a?find=X", "/a", {}).has_value());
  EXPECT_GT(aws::route_weight("/a?find=X"), aws::route_weight("/a"));
}

TEST(Route, PrefersLiteralPartsAndTakesTheRestWhereItIsGreedy) {
  EXPECT_GT(aws::route_weight("/a/{B}/c"), aws::route_weight("/a/{B}/{C}"));
  const auto labels = aws::match_route("/a/{Key+}", "/a/b/c%20d", {});
  ASSERT_TRUE(labels.has_value());
  EXPECT_EQ(labels->front().second, "b/c d");
  EXPECT_FALSE(aws::match_route("/a/{B}", "/a/b/c", {}).has_value());
  EXPECT_FALSE(aws::match_route("/a/{B}", "/a", {}).has_value());
  EXPECT_TRUE(aws::match_route("/a/", "/a", {}).has_value());
}

}  // namespace
}  // namespace millstream
