#include "base/digest.h"

#include <gtest/gtest.h>

#include "base/hex.h"

namespace millstream {
namespace {

template <class Digest>
std::string hex(const Digest& digest) {
  return to_hex(digest_view(digest));
}

TEST(DigestTest, AgreesWithPublishedValues) {
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(md5("abc")), "900150983cd24fb0d6963f7d28e17f72");
  // RFC 4231, test case 2.
  EXPECT_EQ(hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  // Test case 6: a key longer than a block.
  EXPECT_EQ(hex(HmacSha256(std::string(131, '\xaa'))(
                "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(DigestTest, Crc32cAgreesWithRfc3720AndContinues) {
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aau);
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62a8ab43u);
  EXPECT_EQ(crc32c("123456789"), 0xe3069283u);
  EXPECT_EQ(crc32c("6789", crc32c("12345")), 0xe3069283u);
  EXPECT_EQ(crc32c(""), 0u);
}

TEST(DigestTest, Crc32AgreesWithRfc1952) {
  EXPECT_EQ(crc32(""), 0u);
  EXPECT_EQ(crc32("123456789"), 0xcbf43926u);
}

// What stands where on disk depends on it, so it may never change.
TEST(DigestTest, StableHashStays) {
  EXPECT_EQ(stable_hash(""), 0x2d06800538d394c2u);
  EXPECT_EQ(stable_hash("abc"), 0x78af5f94892f3950u);
}

}  // namespace
}  // namespace millstream
