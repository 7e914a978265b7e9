// Base64, hexadecimal and times: what is turned into text and back.
#include <gtest/gtest.h>

#include <cctype>

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

// Long texts are converted in steps; these say what each character and byte has to be.
TEST(Base64Test, LongTextsAreWhatEachSixBitsSay) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  std::string bits;
  for (size_t i = 0; i < 256; ++i) {
    const size_t value = i * 37 % 64;
    text.push_back(kAlphabet[value]);
    for (int bit = 5; bit >= 0; --bit) bits.push_back(value >> bit & 1 ? '1' : '0');
  }
  std::string bytes;
  for (size_t at = 0; at < bits.size(); at += 8) {
    bytes.push_back(static_cast<char>(std::stoi(bits.substr(at, 8), nullptr, 2)));
  }
  EXPECT_EQ(base64_decode(text), bytes);
  EXPECT_EQ(base64_encode(bytes), text);
}

TEST(Base64Test, RefusesAWrongByteAtEachPlaceOfALongText) {
  const std::string good = base64_encode(std::string(99, '\x5a'));
  for (size_t at = 0; at < good.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string text = good;
      text[at] = static_cast<char>(byte);
      const bool of_alphabet = std::isalnum(byte) != 0 || byte == '+' || byte == '/';
      if (byte == '=' && at + 1 == good.size()) continue;  // padding
      const auto bytes = base64_decode(text);
      EXPECT_EQ(bytes.has_value(), of_alphabet) << byte << " at " << at;
      EXPECT_EQ(base64_encode(bytes.value_or("")), of_alphabet ? text : "");
    }
  }
}

TEST(Base64Test, DecodesIntoItsOwnPlaceAndNotBeyondIt) {
  for (size_t size = 0; size < 200; ++size) {
    const std::string bytes(size, '\xa7');
    const std::string text = base64_encode(bytes);
    std::string place = text + "behind";
    const auto decoded = base64_decode_into({place.data(), text.size()}, place.data());
    ASSERT_EQ(decoded, size);
    EXPECT_EQ(place.substr(0, size), bytes);
    EXPECT_TRUE(place.ends_with("behind"));
    std::string room(base64_decoded_size_max(text.size()), '\0');
    room += "behind";
    ASSERT_EQ(base64_decode_into(text, room.data()), size);
    EXPECT_TRUE(room.ends_with("behind"));
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
