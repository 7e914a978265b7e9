#include "journal/format.h"

#include <gtest/gtest.h>

#include "base/coding.h"

namespace millstream::journal {
namespace {

// A frame of 5 payload bytes in a segment with the given mask.
std::string frame_bytes(uint32_t mask) {
  std::string bytes(kFrameHeaderBytes, '\0');
  bytes += "bytes";
  encode_frame_header(7, 3, 99, 5, bytes.data());
  remask_frame(mask, bytes.data());
  return bytes;
}

TEST(FormatTest, AFrameComesBack) {
  const std::string bytes = frame_bytes(0xabcd) + "more";
  const std::optional<FrameView> frame = decode_frame(bytes, 0xabcd);
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->lane, 7);
  EXPECT_EQ(frame->epoch, 3u);
  EXPECT_EQ(frame->number, 99u);
  EXPECT_EQ(frame->payload, "bytes");
}

TEST(FormatTest, AFrameOfAnotherSegmentIsDamage) {
  EXPECT_FALSE(decode_frame(frame_bytes(1), 2));
  SegmentHeader one{.id = 1, .salt = 5}, other{.id = 1, .salt = 6};
  EXPECT_NE(one.mask(), other.mask());
}

TEST(FormatTest, AFrameThatIsCutShortIsDamage) {
  const std::string bytes = frame_bytes(0);
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode_frame(std::string_view(bytes).substr(0, size), 0)) << size;
  }
}

TEST(FormatTest, TheSegmentHeaderStandsAsDocumented) {
  const SegmentHeader header{
      .id = 2, .salt = 0x1122334455667788, .first_group = 4, .rewritten_bytes = 1024, .epoch = 9};
  const std::string bytes = encode_segment_header(header);
  ASSERT_EQ(bytes.size(), kFirstGroupOffset);
  EXPECT_EQ(bytes.substr(0, 8), std::string("\0MLJRNL1", 8));
  EXPECT_EQ(load_little<uint32_t>(&bytes[8]), 1u);
  EXPECT_EQ(load_little<uint32_t>(&bytes[12]), 9u);
  EXPECT_EQ(load_little<uint64_t>(&bytes[16]), 2u);
  EXPECT_EQ(load_little<uint64_t>(&bytes[24]), 0x1122334455667788u);
  EXPECT_EQ(load_little<uint64_t>(&bytes[32]), 4u);
  EXPECT_EQ(load_little<uint64_t>(&bytes[40]), 1024u);
  const std::optional<SegmentHeader> decoded = decode_segment_header(bytes);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->salt, header.salt);
}

TEST(FormatTest, TheGroupHeaderStandsAsDocumented) {
  std::string bytes(kGroupHeaderBytes, '\0');
  encode_group_header(
      {.number = 5, .synced_through = 3, .frame_bytes = 77, .frame_count = 2, .epoch = 4}, 1,
      bytes.data());
  EXPECT_EQ(load_little<uint32_t>(&bytes[4]), 77u);
  EXPECT_EQ(load_little<uint64_t>(&bytes[8]), 5u);
  EXPECT_EQ(load_little<uint64_t>(&bytes[16]), 3u);
  EXPECT_EQ(load_little<uint32_t>(&bytes[24]), 2u);
  EXPECT_EQ(load_little<uint32_t>(&bytes[28]), 4u);
  EXPECT_TRUE(decode_group_header(bytes, 1));
  EXPECT_FALSE(decode_group_header(bytes, 2));
}

TEST(FormatTest, SegmentNamesSortAsTheirNumbers) {
  EXPECT_EQ(segment_file_name(12), "00000000000000000012.segment");
  EXPECT_EQ(parse_segment_file_name("00000000000000000012.segment"), 12u);
  EXPECT_FALSE(parse_segment_file_name("0000000000000000012.segment"));
  EXPECT_FALSE(parse_segment_file_name("0000000000000000001x.segment"));
  EXPECT_FALSE(parse_segment_file_name("EPOCH"));
}

}  // namespace
}  // namespace millstream::journal
