#include "base/byte_scan.h"

#include <gtest/gtest.h>

#include <string>

namespace millstream {
namespace {

using Find = size_t (*)(std::string_view, size_t);

// Every byte at every place of texts around sixteen bytes, behind plain ones.
void expect_finds(Find find, bool (*wanted)(int)) {
  for (size_t size = 0; size < 40; ++size) {
    EXPECT_EQ(find(std::string(size, 'a'), 0), size);
    for (size_t place = 0; place < size; ++place) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string text(size, 'a');
        text[place] = static_cast<char>(byte);
        ASSERT_EQ(find(text, 0), wanted(byte) ? place : size) << byte << " at " << place;
        ASSERT_EQ(find(text, place + 1), size);
      }
    }
  }
}

TEST(ByteScan, FindsControlBytes) {
  expect_finds(find_control, [](int byte) { return byte < 0x20 || byte == 0x7f; });
}

TEST(ByteScan, FindsWhatJsonEscapes) {
  expect_finds(find_json_special,
               [](int byte) { return byte < 0x20 || byte > 0x7f || byte == '"' || byte == '\\'; });
}

TEST(ByteScan, FindsTheFirstOfSeveral) {
  EXPECT_EQ(find_control("0123456789abcdefg\r\n", 0), 17u);
  EXPECT_EQ(find_control("0123456789abcdefg\r\n", 18), 18u);
  EXPECT_EQ(find_json_special(R"(0123456789abcd"\)", 0), 14u);
}

}  // namespace
}  // namespace millstream
