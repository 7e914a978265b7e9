// Base64, hexadecimal and times: what is turned into text and back.
#include <gtest/gtest.h>

#include "base/base64.h"
#include "base/hex.h"
#include "base/random.h"
#include "base/time_text.h"

namespace millstream {
namespace {

TEST(Base64Test, EncodesTheExamplesOfRfc4648) {
  EXPECT_EQ(base64_encode(""), "");
  EXPECT_EQ(base64_encode("f"), "Zg==");
  EXPECT_EQ(base64_encode("fo"), "Zm8=");
  EXPECT_EQ(base64_encode("foo"), "Zm9v");
  EXPECT_EQ(base64_encode("foobar"), "Zm9vYmFy");
}

TEST(Base64Test, BytesComeBack) {
  constexpr uint64_t kSeed = 1;
  SeededRandom random(kSeed);
  for (size_t size = 0; size < 200; ++size) {
    std::string bytes(size, '\0');
    random.fill(bytes.data(), size);
    EXPECT_EQ(base64_decode(base64_encode(bytes)), bytes) << "seed " << kSeed;
  }
}

TEST(Base64Test, RefusesWhatIsNotWholeStandardBase64) {
  for (const char* text : {"Z", "Zg", "Zg=", "=Zg=", "Z===", "Zg==Zg==", "Zh==", "Zm9=", "Zm 9v",
                           "Zm-_", "Zm9v\n", "====", "Zg\xc3\xa4="}) {
    EXPECT_FALSE(base64_decode(text)) << text;
  }
}

TEST(HexTest, BytesComeBackFromEitherCase) {
  EXPECT_EQ(to_hex(std::string_view("\x00\xab\xff", 3)), "00abff");
  EXPECT_EQ(from_hex("00aBFf"), std::string("\x00\xab\xff", 3));
  EXPECT_FALSE(from_hex("0"));
  EXPECT_FALSE(from_hex("0g"));
}

TEST(TimeTextTest, WritesUtc) {
  constexpr int64_t kMoment = 1'795'342'530'123;  // 2026-11-22T10:15:30.123Z
  EXPECT_EQ(iso8601_seconds(kMoment), "2026-11-22T10:15:30Z");
  EXPECT_EQ(iso8601_ms(kMoment), "2026-11-22T10:15:30.123Z");
  EXPECT_EQ(iso8601_basic(kMoment), "20261122T101530Z");
}

TEST(TimeTextTest, ReadsItsOwnForms) {
  EXPECT_EQ(parse_iso8601_ms("2026-11-22T10:15:30Z"), 1'795'342'530'000);
  EXPECT_EQ(parse_iso8601_ms("2026-11-22T10:15:30.123456Z"), 1'795'342'530'123);
  EXPECT_EQ(parse_iso8601_ms("20261122T101530Z"), 1'795'342'530'000);
  EXPECT_EQ(parse_iso8601_ms("1970-01-01T00:00:00Z"), 0);
  for (const char* text :
       {"", "2026", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-11-22T24:00:00Z",
        "2026-11-22T10:15:30", "2026-11-22T10:15:30Zx"}) {
    EXPECT_FALSE(parse_iso8601_ms(text)) << text;
  }
}

TEST(RandomTest, AUuidHasItsVersionAndVariant) {
  SeededRandom random(1);
  const std::string uuid = random.uuid();
  ASSERT_EQ(uuid.size(), 36u);
  EXPECT_EQ(uuid[14], '4');
  EXPECT_NE(std::string("89ab").find(uuid[19]), std::string::npos);
  EXPECT_NE(random.uuid(), uuid);
}

TEST(RandomTest, ASeedGivesTheSameBytesAgain) {
  SeededRandom one(5);
  SeededRandom other(5);
  EXPECT_EQ(one.text(40, "abcdef"), other.text(40, "abcdef"));
}

}  // namespace
}  // namespace millstream
