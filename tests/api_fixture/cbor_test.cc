#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "aws/cbor/encoder.h"
#include "aws/cbor/reader.h"
#include "aws/cbor/writer.h"
#include "aws/json/writer.h"
#include "aws/testing/generated_input.h"
#include "fixture.h"
#include "services/fixture_json/api.gen.h"

namespace millstream {
namespace {

using fixture_json::api::Everything;

std::string text(std::string_view value) {
  std::string out;
  aws::append_cbor_text(value, &out);
  return out;
}
std::string as_cbor(std::string_view json) {
  std::string out;
  EXPECT_TRUE(aws::append_json_as_cbor(json, &out)) << json;
  return out;
}
// {"Name":"a", name: value}
std::string with(std::string_view name, std::string_view value) {
  std::string out;
  aws::append_cbor_map(2, &out);
  out += text("Name") + text("a") + text(name);
  return out.append(value);
}

// Reads the operation Echo's CBOR and shows it as the JSON protocol would.
class CborProtocol : public testing::Test {
 protected:
  const aws::OperationRow& echo() { return *aws::find_operation(*table().model, "Echo"); }
  const aws::ServiceTable& table() { return fixture_.table("fixture_json"); }

  std::string as_json(const http::Response& response, aws::CborTime time) {
    Everything everything;
    aws::model::MissingMembers missing;
    const auto read =
        aws::read_cbor_object(response.body, *echo().output, {false, time}, &everything, &missing);
    if (!read.ok()) return "not what Echo gives: " + response.body;
    std::string json;
    aws::append_json_object(*echo().output, &everything, {}, &json);
    return json;
  }
  std::string echoed(const std::string& cbor) {
    return as_json(fixture_.cbor("Echo", cbor), aws::CborTime::kMilliseconds);
  }
  void expect_refused(const std::string& cbor, const std::string& message) {
    const http::Response response = fixture_.cbor("Echo", cbor);
    EXPECT_EQ(response.status, 400);
    std::string expected;
    aws::append_cbor_map(message.empty() ? 1 : 2, &expected);
    expected += text("__type") + text("common#SerializationException");
    if (!message.empty()) expected += text("Message") + text(message);
    EXPECT_EQ(response.body, expected) << message;
  }

  Fixture fixture_;
};

TEST_F(CborProtocol, CarriesEveryTypeThereAndBack) {
  const std::string json =
      R"({"Name":"a","Count":7,"Big":9223372036854775807,"Ratio":0.5,"Flag":true,)"
      R"("When":1700000000.123,"Bytes":"AAEC/w==","Color":"RED","Names":["x","y"],)"
      R"("Items":[{"Key":"k","Value":"v\"\né"},{"Key":"l"}],"Attributes":{"p":1,"q":2},)"
      R"("Tree":{"Label":"root","Children":[{"Label":"leaf"}]}})";
  const auto input = aws::testing::generated_input<Everything>(table(), "Echo", json);
  ASSERT_TRUE(input.has_value());
  std::string milliseconds;
  aws::append_cbor_object(*echo().input, &*input, aws::CborTime::kMilliseconds, &milliseconds);
  const http::Response response = fixture_.cbor("Echo", milliseconds);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.get("content-type"), "application/x-amz-cbor-1.1");
  EXPECT_EQ(response.headers.get("x-amzn-requestid").size(), 36u);
  EXPECT_EQ(response.body, milliseconds);
  EXPECT_EQ(as_json(response, aws::CborTime::kMilliseconds), json);

  std::string seconds;
  aws::append_cbor_object(*echo().input, &*input, aws::CborTime::kSeconds, &seconds);
  EXPECT_NE(seconds, milliseconds);
  const http::Response rpc = fixture_.rpc("Echo", seconds);
  EXPECT_EQ(rpc.status, 200);
  EXPECT_EQ(rpc.headers.get("content-type"), "application/cbor");
  EXPECT_EQ(rpc.headers.get("smithy-protocol"), "rpc-v2-cbor");
  EXPECT_EQ(as_json(rpc, aws::CborTime::kSeconds), json);
}

TEST_F(CborProtocol, IgnoresUnknownMembersAndNullsAndTakesTheLastOfARepeatedOne) {
  EXPECT_EQ(echoed(as_cbor(R"({"Else":[{"deep":[1,2,{}]}],"Name":"a","Count":null})")),
            R"({"Name":"a"})");
  EXPECT_EQ(echoed(as_cbor(R"({"Name":"a","Names":["x"],"Names":["y"],"Name":"b"})")),
            R"({"Name":"b","Names":["y"]})");
  EXPECT_EQ(echoed(with("Count", "\xf7")), R"({"Name":"a"})");  // undefined
}

// As Jackson's generator, which the Java SDKs use, writes containers and long texts.
TEST_F(CborProtocol, TakesIndefiniteLengths) {
  const std::string chunked = std::string("\x7f") + text("a") + text("b") + "\xff";
  std::string body = "\xbf" + text("Name") + chunked + text("Names") + "\x9f" + text("x") +
                     text("y") + "\xff" + text("Attributes") + "\xbf" + chunked + "\x05\xff\xff";
  EXPECT_EQ(echoed(body), R"({"Name":"ab","Names":["x","y"],"Attributes":{"ab":5}})");
  body.pop_back();
  expect_refused(body, "");
}

TEST_F(CborProtocol, CutsFractionsAndBoundsNumbersWhereIntegersStand) {
  EXPECT_EQ(echoed(with("Count", "\xf9\x47\xf0")), R"({"Name":"a","Count":7})");  // 7.9375
  EXPECT_EQ(echoed(with("Big", "\x1b\xff\xff\xff\xff\xff\xff\xff\xff")),
            R"({"Name":"a","Big":9223372036854775807})");
  EXPECT_EQ(echoed(with("Big", "\x3b\xff\xff\xff\xff\xff\xff\xff\xff")),
            R"({"Name":"a","Big":-9223372036854775808})");
  EXPECT_EQ(echoed(with("Ratio", "\x07")), R"({"Name":"a","Ratio":7})");
}

TEST_F(CborProtocol, TakesTimesInEveryFormThatClientsSend) {
  const std::string expected = R"({"Name":"a","When":1700000000.500})";
  std::string ms;
  aws::append_cbor_integer(1700000000500, &ms);
  std::string seconds;
  aws::append_cbor_double(1700000000.5, &seconds);
  EXPECT_EQ(echoed(with("When", "\xc1" + ms)), expected);
  EXPECT_EQ(echoed(with("When", ms)), expected);
  EXPECT_EQ(echoed(with("When", "\xc1" + seconds)), expected);
  EXPECT_EQ(echoed(with("When", text("2023-11-14T22:13:20.5Z"))), expected);
  std::string whole_seconds;
  aws::append_cbor_integer(1700000000, &whole_seconds);
  EXPECT_EQ(
      as_json(fixture_.rpc("Echo", with("When", "\xc1" + whole_seconds)), aws::CborTime::kSeconds),
      R"({"Name":"a","When":1700000000})");
}

TEST_F(CborProtocol, SaysWhichTypeWasWrong) {
  const std::pair<std::string, const char*> cases[] = {
      {as_cbor(R"({"Name":7})"), "NUMBER_VALUE can not be converted to a String"},
      {as_cbor(R"({"Name":true})"), "TRUE_VALUE can not be converted to a String"},
      {as_cbor(R"({"Name":{}})"), "Start of structure or map found where not expected."},
      {as_cbor(R"({"Name":[]})"), "Start of list found where not expected"},
      {as_cbor(R"({"Count":"7"})"), "STRING_VALUE can not be converted to an Integer"},
      {as_cbor(R"({"Flag":1.5})"), "DECIMAL_VALUE can not be converted to a Boolean"},
      {as_cbor(R"({"When":"soon"})"),
       "STRING_VALUE can not be converted to milliseconds since epoch"},
      {as_cbor(R"({"Names":"x"})"), "Expected list or null"},
      {as_cbor(R"({"Attributes":3})"), "Expected map or null"},
      {as_cbor(R"({"Tree":"x"})"), "Expected null"},
      {as_cbor(R"({"Bytes":"AAEC"})"), "STRING_VALUE can not be converted to a Blob"},
      {with("Color", "\x41x"), "BYTES_VALUE can not be converted to a String"},
      {with("Big", std::string("\xf9\xfc\x00", 3)), "DECIMAL_VALUE can not be converted to a Long"},
      {with("Ratio", std::string("\xf9\x7c\x00", 3)),
       "DECIMAL_VALUE can not be converted to a Double"},
      {as_cbor("[]"), "Start of list found where not expected"},
  };
  for (const auto& [body, message] : cases) expect_refused(body, message);
}

TEST_F(CborProtocol, RefusesWhatIsNotCborWithoutAMessage) {
  const std::string good = as_cbor(R"({"Name":"a"})");
  for (const std::string& body :
       {std::string(), good + "x", good.substr(0, good.size() - 1), std::string("\xf6"),
        std::string("\xa1\x01\x01"), with("Else", "\x61\xff"), with("Else", "\x9f"),
        std::string(R"({"Name":"a"})"), std::string(1'000'000, '\xbf')}) {
    expect_refused(body, "");
  }
}

TEST_F(CborProtocol, BoundsNesting) {
  std::string body;
  for (int i = 0; i < 5000; ++i) body += "\xa1" + text("Children") + "\x81";
  expect_refused(with("Tree", body + "\xa0"), "The input is nested too deeply.");
  expect_refused(with("Else", std::string(100'000, '\x81') + "\x01"), "");
}

TEST_F(CborProtocol, ValidatesAsJsonDoes) {
  for (const char* body :
       {R"({"Count":101})", R"({"Name":""})", R"({"Name":"a","Names":[null]})",
        R"({"Name":"a","Items":[{}],"Attributes":{"p":null}})", R"({"Name":"a","Color":"BLUE"})"}) {
    std::string json;
    EXPECT_EQ(fixture_.cbor("Echo", as_cbor(body)).body, as_cbor(fixture_.json("Echo", body).body))
        << body;
  }
}

TEST_F(CborProtocol, AnswersErrorsInItself) {
  const http::Response missing = fixture_.cbor("Fail", as_cbor(R"({"Message":"no such thing"})"));
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(missing.headers.get("content-type"), "application/x-amz-cbor-1.1");
  EXPECT_EQ(missing.body,
            as_cbor(R"({"__type":"fixture#ThingMissingException","message":"no such thing"})"));
  const http::Response rpc = fixture_.rpc("Fail", as_cbor(R"({"Message":"no such thing"})"));
  EXPECT_EQ(rpc.status, 404);
  EXPECT_EQ(rpc.headers.get("smithy-protocol"), "rpc-v2-cbor");
  EXPECT_EQ(rpc.body, missing.body);
  EXPECT_EQ(fixture_.cbor("Nothing", "\xa0").body,
            as_cbor(R"({"__type":"common#UnknownOperationException"})"));
  EXPECT_EQ(fixture_.cbor("Unbuilt", "\xa0").status, 501);
  fixture_.authenticator.refuse = true;
  EXPECT_EQ(fixture_.cbor("Echo", "\xa0").headers.get("content-type"),
            "application/x-amz-cbor-1.1");
}

TEST_F(CborProtocol, RpcNamesServiceAndOperationInThePath) {
  http::Request request;
  request.headers.add("smithy-protocol", "rpc-v2-cbor");
  request.method = "POST";
  for (const char* path :
       {"/", "/service", "/service/", "/service/operation/Echo", "/service//operation/Echo",
        "/service/Nobody/operation/Echo", "/service/Fixture_20200101/operation/", "/operation/Echo",
        "/service/Fixture_20200101/operation/Nothing"}) {
    request.target = path;
    EXPECT_EQ(fixture_.send(request).status, 404) << path;
  }
  request.method = "GET";
  request.target = "/service/Fixture_20200101/operation/Echo";
  EXPECT_EQ(fixture_.send(request).status, 404);
}

// ---- Against the JSON codec.

std::string random_text(std::mt19937& random) {
  static constexpr const char* kPieces[] = {"a", "Z9", "é", "\U0001F600", "\"", "\\", "\n", "_"};
  std::string out;
  for (unsigned pieces = random() % 5; pieces > 0; --pieces) out += kPieces[random() % 8];
  return out;
}

fixture_json::api::Tree random_tree(std::mt19937& random, int depth) {
  fixture_json::api::Tree tree;
  if (random() % 2 == 0) tree.label = random_text(random);
  if (depth > 0 && random() % 2 == 0) {
    auto& children = tree.children.emplace();
    for (unsigned count = random() % 4; count > 0; --count) {
      children.push_back(random_tree(random, depth - 1));
    }
  }
  return tree;
}

template <class T, class Make>
void perhaps(std::mt19937& random, std::optional<T>* member, Make make) {
  if (random() % 3 != 0) *member = make();
}

Everything random_input(std::mt19937& random) {
  const auto wide = [&] { return static_cast<int64_t>(uint64_t{random()} << 32 | random()); };
  Everything input;
  input.name = "n" + std::to_string(random() % 1000);
  perhaps(random, &input.count, [&] { return static_cast<int32_t>(random() % 101); });
  perhaps(random, &input.big, [&] { return wide() >> random() % 64; });
  perhaps(random, &input.ratio, [&] { return std::ldexp(static_cast<double>(random()), -20); });
  perhaps(random, &input.flag, [&] { return random() % 2 == 0; });
  perhaps(random, &input.when, [&] { return aws::Timestamp{wide() >> 20}; });
  perhaps(random, &input.bytes,
          [&] { return std::string(random() % 40, static_cast<char>(random())); });
  perhaps(random, &input.names, [&] { return std::vector<std::string>(random() % 4, "x.y"); });
  perhaps(random, &input.items, [&] {
    std::vector<fixture_json::api::Item> items(random() % 3);
    for (auto& item : items) item = {"k", random_text(random)};
    return items;
  });
  perhaps(random, &input.attributes, [&] {
    std::map<std::string, int32_t> attributes;
    for (unsigned i = random() % 4; i > 0; --i) attributes["k" + std::to_string(i)] = 3;
    return attributes;
  });
  perhaps(random, &input.tree, [&] { return random_tree(random, 5); });
  return input;
}

TEST_F(CborProtocol, MeansWhatJsonMeans) {
  constexpr unsigned kSeed = 20261124;
  SCOPED_TRACE(kSeed);
  std::mt19937 random(kSeed);
  for (int i = 0; i < 2000; ++i) {
    const Everything input = random_input(random);
    std::string json;
    aws::append_json_object(*echo().input, &input, {}, &json);
    std::string cbor;
    aws::append_cbor_object(*echo().input, &input, aws::CborTime::kMilliseconds, &cbor);
    const http::Response response = fixture_.cbor("Echo", cbor);
    ASSERT_EQ(response.status, 200) << json;
    ASSERT_EQ(response.body, cbor) << json;
    ASSERT_EQ(as_json(response, aws::CborTime::kMilliseconds), fixture_.json("Echo", json).body);
  }
}

}  // namespace
}  // namespace millstream
