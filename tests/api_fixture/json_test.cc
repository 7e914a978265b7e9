#include <gtest/gtest.h>
#include <zlib.h>

#include "fixture.h"

namespace millstream {
namespace {

std::string error(std::string_view type, std::string_view message) {
  const bool upper = type == "common#SerializationException";
  std::string body = "{\"__type\":\"" + std::string(type) + "\"";
  if (!message.empty()) {
    body += std::string(",\"") + (upper ? "Message" : "message") + "\":\"" + std::string(message) +
            "\"";
  }
  return body + "}";
}

TEST(JsonProtocol, CarriesEveryTypeThereAndBack) {
  Fixture fixture;
  const std::string body =
      R"({"Name":"a","Count":7,"Big":9223372036854775807,"Ratio":0.5,"Flag":true,)"
      R"("When":1700000000.123,"Bytes":"AAEC/w==","Color":"RED","Names":["x","y"],)"
      R"("Items":[{"Key":"k","Value":"v\"\n\u00e9"},{"Key":"l"}],"Attributes":{"p":1,"q":2},)"
      R"("Tree":{"Label":"root","Children":[{"Label":"leaf"}]}})";
  const http::Response response = fixture.json("Echo", body);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.get("content-type"), "application/x-amz-json-1.1");
  EXPECT_EQ(response.headers.get("x-amzn-requestid").size(), 36u);
  EXPECT_FALSE(response.headers.get("x-amz-id-2").empty());
  const auto crc = crc32(0, reinterpret_cast<const Bytef*>(response.body.data()),
                         static_cast<uInt>(response.body.size()));
  EXPECT_EQ(response.headers.get("x-amz-crc32"), std::to_string(crc));
  EXPECT_EQ(response.body,
            R"({"Name":"a","Count":7,"Big":9223372036854775807,"Ratio":0.5,"Flag":true,)"
            R"("When":1700000000.123,"Bytes":"AAEC/w==","Color":"RED","Names":["x","y"],)"
            R"("Items":[{"Key":"k","Value":"v\"\né"},{"Key":"l"}],"Attributes":{"p":1,"q":2},)"
            R"("Tree":{"Label":"root","Children":[{"Label":"leaf"}]}})");
}

TEST(JsonProtocol, IgnoresUnknownMembersAndNullsAndTakesTheLastOfARepeatedOne) {
  Fixture fixture;
  EXPECT_EQ(fixture.json("Echo", R"({"Else":[{"deep":[1,2,{}]}],"Name":"a","Count":null})").body,
            R"({"Name":"a"})");
  EXPECT_EQ(fixture.json("Echo", R"({"Name":"a","Names":["x"],"Names":["y"],"Name":"b"})").body,
            R"({"Name":"b","Names":["y"]})");
  EXPECT_EQ(fixture.json("Echo", R"({"Name":"a","Attributes":{"k":1,"k":2}})").body,
            R"({"Name":"a","Attributes":{"k":2}})");
}

TEST(JsonProtocol, CutsFractionsAndBoundsNumbersWhereIntegersStand) {
  Fixture fixture;
  EXPECT_EQ(fixture.json("Echo", R"({"Name":"a","Count":7.9})").body, R"({"Name":"a","Count":7})");
  EXPECT_EQ(fixture.json("Echo", R"({"Name":"a","Big":1e400})").body,
            R"({"Name":"a","Big":9223372036854775807})");
  EXPECT_EQ(fixture.json("Echo", R"({"Name":"a","Big":-123456789012345678901234567890})").body,
            R"({"Name":"a","Big":-9223372036854775808})");
}

TEST(JsonProtocol, SaysWhichJsonTypeWasWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"Name":7})", "NUMBER_VALUE can not be converted to a String"},
      {R"({"Name":true})", "TRUE_VALUE can not be converted to a String"},
      {R"({"Name":{}})", "Start of structure or map found where not expected."},
      {R"({"Name":[]})", "Start of list found where not expected"},
      {R"({"Count":"7"})", "STRING_VALUE can not be converted to an Integer"},
      {R"({"Flag":1.5})", "DECIMAL_VALUE can not be converted to a Boolean"},
      {R"({"Big":false})", "FALSE_VALUE can not be converted to a Long"},
      {R"({"When":"soon"})", "STRING_VALUE can not be converted to milliseconds since epoch"},
      {R"({"Names":"x"})", "Expected list or null"},
      {R"({"Names":{}})", "Start of structure or map found where not expected."},
      {R"({"Attributes":3})", "Expected map or null"},
      {R"({"Tree":"x"})", "Expected null"},
      {R"([])", "Start of list found where not expected"},
  };
  for (const auto& [body, message] : cases) {
    Fixture fixture;
    const http::Response response = fixture.json("Echo", body);
    EXPECT_EQ(response.status, 400) << body;
    EXPECT_EQ(response.body, error("common#SerializationException", message)) << body;
  }
}

TEST(JsonProtocol, RefusesWhatIsNotJsonWithoutAMessage) {
  const std::string cases[] = {"",
                               "{",
                               "{\"Name\":\"a\"",
                               "{\"Name\":\"a\"}x",
                               "{\"Name\":\"a\",}",
                               "{\"Name\" \"a\"}",
                               "{\"Name\":\"\xff\"}",
                               "{\"Name\":\"\\ud800\"}",
                               "{\"Name\":\"\\q\"}",
                               "{\"Count\":01}",
                               "{\"Count\":-}",
                               "{\"Name\":nul}",
                               "\"text\"",
                               "7",
                               std::string(3, '\0')};
  for (const std::string& body : cases) {
    Fixture fixture;
    const http::Response response = fixture.json("Echo", body);
    EXPECT_EQ(response.status, 400) << body;
    EXPECT_EQ(response.body, error("common#SerializationException", "")) << body;
  }
}

TEST(JsonProtocol, RefusesWrongBase64) {
  Fixture fixture;
  EXPECT_EQ(fixture.json("Echo", R"({"Name":"a","Bytes":"AAA"})").body,
            error("common#SerializationException",
                  "Base64 encoded length is expected a multiple of 4 bytes but found: 3"));
  EXPECT_EQ(fixture.json("Echo", R"({"Name":"a","Bytes":"A*=="})").body,
            error("common#SerializationException", "Invalid Base64 character: '*'"));
  EXPECT_EQ(fixture.json("Echo", R"({"Name":"a","Bytes":"\/\/8="})").body,
            R"({"Name":"a","Bytes":"//8="})");
}

TEST(JsonProtocol, BoundsNesting) {
  Fixture fixture;
  std::string body = R"({"Name":"a","Tree":)";
  for (int i = 0; i < 5000; ++i) body += R"({"Children":[)";
  body += "{}";
  for (int i = 0; i < 5000; ++i) body += "]}";
  EXPECT_EQ(fixture.json("Echo", body + "}").status, 400);

  std::string unknown(100'000, '[');
  unknown.append(100'000, ']');
  EXPECT_EQ(fixture.json("Echo", R"({"Name":"a","Else":)" + unknown + "}").status, 200);
}

TEST(JsonProtocol, GivesServiceErrorsTheServicesPrefix) {
  Fixture fixture;
  const http::Response missing = fixture.json("Fail", R"({"Message":"no such thing"})");
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(missing.body, error("fixture#ThingMissingException", "no such thing"));
}

TEST(JsonProtocol, HidesWhatFailedInsideAndReportsIt) {
  Fixture fixture;
  const http::Response broken = fixture.json("Fail", "{}");
  EXPECT_EQ(broken.status, 500);
  EXPECT_EQ(broken.body.find("fire"), std::string::npos);
  EXPECT_EQ(fixture.failures.lines(), std::vector<std::string>{"Fail: the disk is on fire"});
}

TEST(JsonProtocol, AnswersAnOperationThatIsNotBuiltWith501) {
  Fixture fixture;
  const http::Response response = fixture.json("Unbuilt", "{}");
  EXPECT_EQ(response.status, 501);
  EXPECT_NE(response.body.find("common#NotImplementedException"), std::string::npos);
  EXPECT_NE(response.body.find("Unbuilt"), std::string::npos);
  EXPECT_NE(response.body.find("docs/compatibility.md"), std::string::npos);
}

TEST(JsonProtocol, RefusesUnknownOperationsAndTargets) {
  Fixture fixture;
  EXPECT_EQ(fixture.json("Nothing", "{}").body, error("common#UnknownOperationException", ""));
  http::Request request;
  request.method = "POST";
  request.target = "/";
  request.headers.add("x-amz-target", "Nobody.Echo");
  EXPECT_EQ(fixture.send(request).body, error("UnknownOperationException", ""));
}

TEST(JsonProtocol, RefusesACredentialForAnotherService) {
  Fixture fixture;
  http::Request request;
  request.method = "POST";
  request.target = "/";
  request.headers.add("x-amz-target", "Fixture_20200101.Echo");
  fixture.authenticator.service = "other";
  EXPECT_NE(fixture.send(request).body.find("scoped to correct service: 'fixture-json'"),
            std::string::npos);
  fixture.authenticator.refuse = true;
  const http::Response refused = fixture.send(request);
  EXPECT_EQ(refused.status, 400);
  EXPECT_NE(refused.body.find("common#UnrecognizedClientException"), std::string::npos);
}

TEST(JsonProtocol, UnpacksCompressedBodiesWithinABound) {
  const auto pack = [](const std::string& text) {
    std::string out(compressBound(text.size()), '\0');
    uLongf size = out.size();
    EXPECT_EQ(compress(reinterpret_cast<Bytef*>(out.data()), &size,
                       reinterpret_cast<const Bytef*>(text.data()), text.size()),
              Z_OK);
    out.resize(size);
    return out;
  };
  Fixture fixture;
  fixture.authenticator.service = "fixture-json";
  http::Request request;
  request.method = "POST";
  request.target = "/";
  request.headers.add("x-amz-target", "Fixture_20200101.Echo");
  request.headers.add("content-encoding", "deflate");
  request.body = pack(R"({"Name":"packed"})");
  EXPECT_EQ(fixture.send(request).body, R"({"Name":"packed"})");
  request.body = pack(std::string(8u << 20, ' '));
  EXPECT_EQ(fixture.send(request).status, 413);
  request.body = "not compressed";
  EXPECT_EQ(fixture.send(request).status, 400);
}

TEST(Gateway, SpeaksJsonWithModelNamesWhateverTheProtocol) {
  Fixture fixture;
  for (const char* service : {"fixture_json", "fixture_query"}) {
    auto output = fixture.gateway(service, "Echo", R"({"Name":"a","Bytes":"AAEC","When":1.5})");
    ASSERT_TRUE(output.ok()) << service;
    EXPECT_EQ(*output, R"({"Name":"a","When":1.500,"Bytes":"AAEC"})");
  }
  auto rest = fixture.gateway("fixture_rest", "Echo", R"({"Name":"a","Count":3})");
  ASSERT_TRUE(rest.ok());
  EXPECT_EQ(*rest, R"({"Name":"a","Count":3})");
  auto invalid = fixture.gateway("fixture_rest", "Echo", R"({"Name":""})");
  ASSERT_FALSE(invalid.ok());
  EXPECT_EQ(invalid.error().type, "ValidationException");
  EXPECT_EQ(fixture.gateway("fixture_rest", "Unbuilt", "{}").error().http_status, 501);
  EXPECT_EQ(fixture.gateway("nobody", "Echo", "{}").error().http_status, 500);
}

}  // namespace
}  // namespace millstream
