#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "aws/cbor/decoder.h"
#include "aws/cbor/encoder.h"
#include "base/hex.h"

namespace millstream::aws {
namespace {

std::string bytes(std::string_view hex) {
  const auto decoded = from_hex(hex);
  EXPECT_TRUE(decoded.has_value()) << hex;
  return decoded.value_or("");
}

// The text's first head, which must be there.
CborHead head_of(const std::string& text) {
  CborDecoder decoder(text);
  CborHead head;
  EXPECT_TRUE(decoder.head(&head)) << to_hex(text);
  return head;
}

// Whether the text is one well-formed item and nothing more.
bool well_formed(const std::string& text) {
  CborDecoder decoder(text);
  CborHead head;
  return decoder.head(&head) && decoder.skip(head) && decoder.at_end();
}

std::string string_of(const std::string& text) {
  CborDecoder decoder(text);
  CborHead head;
  std::string storage;
  std::string_view content;
  if (!decoder.head(&head) || !decoder.string(head, &storage, &content)) return "malformed";
  return std::string(content);
}

// The examples of RFC 8949, appendix A, where they are of a kind that is written here.
TEST(CborEncoder, WritesTheShortestForm) {
  const std::pair<int64_t, const char*> integers[] = {{0, "00"},
                                                      {23, "17"},
                                                      {24, "1818"},
                                                      {100, "1864"},
                                                      {1000, "1903e8"},
                                                      {1000000, "1a000f4240"},
                                                      {1000000000000, "1b000000e8d4a51000"},
                                                      {-1, "20"},
                                                      {-100, "3863"},
                                                      {-1000, "3903e7"},
                                                      {INT64_MIN, "3b7fffffffffffffff"}};
  for (const auto& [value, expected] : integers) {
    std::string out;
    append_cbor_integer(value, &out);
    EXPECT_EQ(to_hex(out), expected);
  }
  std::string json;
  ASSERT_TRUE(append_json_as_cbor(R"({"a":1,"b":[2,3,null,true,false,1.1,"ü"]})", &json));
  EXPECT_EQ(to_hex(json), "a26161016162870203f6f5f4fb3ff199999999999a62c3bc");
  std::string time;
  append_cbor_time_tag(&time);
  append_cbor_integer(1363896240, &time);
  EXPECT_EQ(to_hex(time), "c11a514b67b0");
  std::string blob;
  append_cbor_bytes("\x01\x02\x03\x04", &blob);
  EXPECT_EQ(to_hex(blob), "4401020304");
}

TEST(CborEncoder, ReplacesWhatIsNotUtf8) {
  std::string out;
  append_cbor_text("a\xff", &out);
  EXPECT_EQ(string_of(out), "a\xEF\xBF\xBD");
}

TEST(CborDecoder, ReadsNumbersOfEveryWidth) {
  EXPECT_EQ(head_of(bytes("1bffffffffffffffff")).argument, UINT64_MAX);
  EXPECT_EQ(head_of(bytes("3bffffffffffffffff")).kind, CborKind::kNegative);
  const std::pair<const char*, double> floats[] = {{"f90000", 0.0},
                                                   {"f93c00", 1.0},
                                                   {"f93e00", 1.5},
                                                   {"f97bff", 65504.0},
                                                   {"f90001", 5.960464477539063e-8},
                                                   {"f90400", 0.00006103515625},
                                                   {"f9c400", -4.0},
                                                   {"fa47c35000", 100000.0},
                                                   {"fb3ff199999999999a", 1.1},
                                                   {"fbc010666666666666", -4.1},
                                                   {"f97c00", INFINITY},
                                                   {"fbfff0000000000000", -INFINITY}};
  for (const auto& [text, expected] : floats) {
    EXPECT_EQ(head_of(bytes(text)).kind, CborKind::kFloat) << text;
    EXPECT_EQ(head_of(bytes(text)).number, expected) << text;
  }
  EXPECT_TRUE(std::isnan(head_of(bytes("f97e00")).number));
}

TEST(CborDecoder, JoinsStringsInChunks) {
  EXPECT_EQ(string_of(bytes("7f657374726561646d696e67ff")), "streaming");
  EXPECT_EQ(string_of(bytes("5f42010243030405ff")), bytes("0102030405"));
  EXPECT_EQ(string_of(bytes("7fff")), "");
  for (const char* broken : {"7f657374726561646d696e67", "7f4161ff", "7f7f6161ffff", "5f00ff"}) {
    EXPECT_EQ(string_of(bytes(broken)), "malformed") << broken;
  }
}

TEST(CborDecoder, TakesTheInnermostTag) {
  EXPECT_TRUE(head_of(bytes("c11a514b67b0")).time);
  EXPECT_TRUE(head_of(bytes("d9d9f7c100")).time);  // "self-described", then a time
  EXPECT_FALSE(head_of(bytes("c1c200")).time);
}

TEST(CborDecoder, PassesByWhatIsWellFormed) {
  for (const char* text :
       {"00", "f4", "f6", "f7", "f0", "f8ff", "80", "a0", "83010203", "8301820203820405",
        "a26161016162820203", "9f018202039f0405ffff", "bf61610161629f0203ffff", "9fff", "bfff",
        "826161bf61626163ff", "d818456449455446", "c074323031332d30332d32315432303a30343a30305a"}) {
    EXPECT_TRUE(well_formed(bytes(text))) << text;
  }
}

// RFC 8949, appendix F, and some more.
TEST(CborDecoder, RefusesWhatIsNotWellFormed) {
  for (const char* text : {"",
                           "18",
                           "19",
                           "1900",
                           "1a00",
                           "1b00000000000000",
                           "38",
                           "58",
                           "5801",
                           "98",
                           "9801",
                           "b801",
                           "d8",
                           "f8",
                           "f900",
                           "fa0000",
                           "fb0000",
                           "41",
                           "61",
                           "5affffffff",
                           "5bffffffffffffffff",
                           "7affffffff",
                           "81",
                           "818181",
                           "8200",
                           "a1",
                           "a20102",
                           "a100",
                           "a2000000",
                           "c0",
                           "c1",
                           "9f",
                           "9f0102",
                           "bf",
                           "bf01020102",
                           "819f",
                           "9f80",
                           "1c",
                           "1d",
                           "1e",
                           "3c",
                           "5c",
                           "7c",
                           "9c",
                           "bc",
                           "dc",
                           "fc",
                           "fd",
                           "fe",
                           "f800",
                           "f818",
                           "f81f",
                           "ff",
                           "81ff",
                           "8200ff",
                           "a1ff",
                           "a1ff00",
                           "a100ff",
                           "bf00ff",
                           "bf000000ff",
                           "1f",
                           "3f",
                           "df00",
                           "61ff",
                           "0000",
                           "9bffffffffffffffff",
                           "bbffffffffffffffff"}) {
    EXPECT_FALSE(well_formed(bytes(text))) << text;
  }
}

TEST(CborDecoder, BoundsNestingWithoutRecursion) {
  EXPECT_TRUE(well_formed(std::string(100, '\x81') + '\x01'));
  EXPECT_FALSE(well_formed(std::string(1'000'000, '\x81') + '\x01'));
  EXPECT_FALSE(well_formed(std::string(1'000'000, '\x9f')));
  EXPECT_TRUE(well_formed(std::string(1'000'000, '\xc2') + '\x01'));  // tags take no depth
}

// What is kept of each element is far larger than the byte that it takes.
TEST(CborDecoder, BoundsTheElementsThatItHandsOutByTheTextsSize) {
  std::string text;
  append_cbor_array(1'000'000, &text);
  text.append(1'000'000, '\xf6');
  CborDecoder decoder(text);
  CborHead head;
  ASSERT_TRUE(decoder.head(&head));
  CborDecoder::Elements elements(head);
  bool more = true;
  size_t count = 0;
  while (decoder.more(&elements, &more) && more) {
    ASSERT_TRUE(decoder.head(&head));
    ++count;
  }
  EXPECT_TRUE(more);
  EXPECT_LT(count, 600'000u);
  EXPECT_TRUE(well_formed(text));
}

}  // namespace
}  // namespace millstream::aws
