#include "services/sts/access_key_id.h"

#include <gtest/gtest.h>

#include <string>

namespace millstream::sts {
namespace {

TEST(AccessKeyId, TellsItsAccount) {
  SeededRandom random(1);
  for (const char* account : {"000000000000", "000000000001", "123456789012", "999999999999"}) {
    const std::string id = draw_access_key_id(kTemporaryKey, account, random);
    EXPECT_EQ(id.size(), 20u);
    EXPECT_EQ(id.substr(0, 4), "ASIA");
    EXPECT_EQ(account_of(id), account) << id;
  }
}

TEST(AccessKeyId, OfOneAccountAreDifferent) {
  SeededRandom random(1);
  EXPECT_NE(draw_access_key_id(kLastingKey, "123456789012", random),
            draw_access_key_id(kLastingKey, "123456789012", random));
}

TEST(AccessKeyId, OfAnotherFormTellsNothing) {
  for (const char* id : {"", "ASIA", "XXXXQWERTYUIOPASDFGH", "AKIAAAAAAAAAAAAAAAAA",
                         "AKIA1111111111111111", "AKIA7777777777777777"}) {
    EXPECT_FALSE(account_of(id)) << id;
  }
}

TEST(DerivedId, StaysTheSame) {
  const std::string id = derive_id("AIDA", "arn:aws:iam::000000000000:user/a");
  EXPECT_EQ(id.size(), 21u);
  EXPECT_EQ(id, derive_id("AIDA", "arn:aws:iam::000000000000:user/a"));
  EXPECT_NE(id, derive_id("AIDA", "arn:aws:iam::000000000000:user/b"));
}

}  // namespace
}  // namespace millstream::sts
