#include <gtest/gtest.h>

#include <random>

#include "aws/cbor/encoder.h"
#include "fixture.h"

// Seeded random damage to valid requests of each protocol: whatever arrives, there is an answer,
// and it is a success or a client's error.
namespace millstream {
namespace {

constexpr int kRounds = 3000;

std::string mutate(std::string text, std::mt19937& random) {
  static constexpr std::string_view kPieces[] = {"{",       "}",
                                                 "[",       "]",
                                                 "\"",      "\\",
                                                 ":",       ",",
                                                 "null",    "1e999",
                                                 "-",       "\xff",
                                                 "\xc3",    "&",
                                                 "=",       "%",
                                                 "%00",     ".",
                                                 "true",    "\\u0000",
                                                 "\\ud83d", "18446744073709551616",
                                                 "member",  "\n"};
  const int changes = 1 + static_cast<int>(random() % 4);
  for (int i = 0; i < changes; ++i) {
    const size_t at = text.empty() ? 0 : random() % text.size();
    switch (random() % 5) {
      case 0:
        text.resize(at);
        break;
      case 1:
        if (!text.empty()) text[at] = static_cast<char>(random());
        break;
      case 2:
        text.insert(at, kPieces[random() % std::size(kPieces)]);
        break;
      case 3:
        text.erase(at, 1 + random() % 8);
        break;
      default:
        text.insert(at, text.substr(random() % (text.size() + 1), random() % 40));
    }
  }
  return text;
}

void expect_sane(const http::Response& response, const std::string& request) {
  const bool sane = (response.status >= 200 && response.status < 300) ||
                    (response.status >= 400 && response.status < 500) || response.status == 501;
  EXPECT_TRUE(sane) << response.status << " for " << request;
}

class Mutation : public testing::TestWithParam<unsigned> {
 protected:
  Mutation() : random_(GetParam()) { RecordProperty("seed", static_cast<int>(GetParam())); }
  std::mt19937 random_;
  Fixture fixture_;
};

TEST_P(Mutation, OfJsonNeverBreaksTheReader) {
  const std::string valid =
      R"({"Name":"a","Count":7,"Big":92233720368,"Ratio":0.5e1,"Flag":true,"When":1700000000.1,)"
      R"("Bytes":"AAEC/w==","Color":"RED","Names":["x","y"],"Items":[{"Key":"k","Value":"v\n"}],)"
      R"("Attributes":{"p":1},"Tree":{"Label":"r","Children":[{"Label":"leaf"}]},"Else":[{}]})";
  for (int i = 0; i < kRounds; ++i) {
    const std::string body = mutate(valid, random_);
    expect_sane(fixture_.json("Echo", body), body);
  }
}

TEST_P(Mutation, OfCborNeverBreaksTheReader) {
  std::string valid;
  ASSERT_TRUE(aws::append_json_as_cbor(
      R"({"Name":"a","Count":7,"Big":92233720368,"Ratio":0.5e1,"Flag":true,"When":1700000000,)"
      R"("Color":"RED","Names":["x","y"],"Items":[{"Key":"k","Value":"v"}],)"
      R"("Attributes":{"p":1},"Tree":{"Label":"r","Children":[{"Label":"leaf"}]},"Else":[{}]})",
      &valid));
  for (int i = 0; i < kRounds; ++i) {
    const std::string body = mutate(valid, random_);
    expect_sane(fixture_.cbor("Echo", body), body);
  }
}

TEST_P(Mutation, OfQueryNeverBreaksTheReader) {
  const std::string valid =
      "Name=a&Count=7&Flag=true&When=2026-11-22T10%3A15%3A30Z&Bytes=AAEC&Names.member.1=x&"
      "Items.member.1.Key=k&Attributes.entry.1.key=p&Attributes.entry.1.value=4&"
      "Tree.Children.member.1.Label=leaf";
  for (int i = 0; i < kRounds; ++i) {
    const std::string parameters = mutate(valid, random_);
    expect_sane(fixture_.query("Echo", parameters), parameters);
  }
}

TEST_P(Mutation, OfRestNeverBreaksTheReader) {
  const std::string valid = "/things/a%2Eb?count=7&name=x&name=y";
  const std::string body = R"({"Big":5,"Tree":{"Label":"l"}})";
  for (int i = 0; i < kRounds; ++i) {
    const std::string target = mutate(valid, random_);
    expect_sane(fixture_.rest("POST", target, mutate(body, random_),
                              {{"X-Flag", mutate("true", random_)},
                               {"X-When", mutate("Sun, 22 Nov 2026 10:15:30 GMT", random_)}}),
                target);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, Mutation, testing::Values(1u, 20261122u),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace millstream
