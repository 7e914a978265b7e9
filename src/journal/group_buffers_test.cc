#include "journal/group_buffers.h"

#include <gtest/gtest.h>

#include <set>

namespace millstream::journal {
namespace {

constexpr size_t kMegabyte = 1u << 20;

class GroupBuffersTest : public ::testing::Test {
 protected:
  // Where the memory was of a group of `bytes` that has had its readers.
  const void* used(size_t bytes) {
    const auto shared = buffers.share(std::string(bytes, 'x'));
    return shared->data();
  }
  const void* taken(size_t bytes) {
    std::string buffer = buffers.take(bytes);
    EXPECT_TRUE(buffer.empty());
    buffer.resize(bytes);
    return buffer.data();
  }
  GroupBuffers buffers;
};

TEST_F(GroupBuffersTest, WhatReadersLetGoHoldsTheNextGroup) {
  const void* memory = used(kMegabyte);
  const std::string buffer = buffers.take(kMegabyte);
  EXPECT_EQ(buffer.data(), memory);
  EXPECT_GE(buffer.capacity(), kMegabyte);
  EXPECT_NE(buffers.take(kMegabyte).data(), memory);
}

TEST_F(GroupBuffersTest, WhatIsStillReadStaysAsItIs) {
  const auto shared = buffers.share(std::string(kMegabyte, 'x'));
  const auto reader = shared;
  EXPECT_NE(taken(kMegabyte), shared->data());
  EXPECT_EQ(*reader, std::string(kMegabyte, 'x'));
}

TEST_F(GroupBuffersTest, ASmallGroupGetsNoLargeBuffer) {
  used(8 * kMegabyte);
  EXPECT_LT(buffers.take(kMegabyte).capacity(), 2 * kMegabyte);
  EXPECT_GE(buffers.take(4 * kMegabyte).capacity(), 8 * kMegabyte);
}

TEST_F(GroupBuffersTest, KeepsTheNewestTwo) {
  // All three are there at once, so that none of them is the memory of another.
  auto first = buffers.share(std::string(kMegabyte, 'x'));
  auto second = buffers.share(std::string(kMegabyte, 'x'));
  auto third = buffers.share(std::string(kMegabyte, 'x'));
  const std::set<const void*> newest = {second->data(), third->data()};
  first.reset();
  second.reset();
  third.reset();
  const std::string one = buffers.take(kMegabyte);
  const std::string other = buffers.take(kMegabyte);
  EXPECT_EQ((std::set<const void*>{one.data(), other.data()}), newest);
}

TEST_F(GroupBuffersTest, AGroupMayOutliveThem) {
  auto own = std::make_unique<GroupBuffers>();
  const auto shared = own->share(std::string(kMegabyte, 'x'));
  own.reset();
  EXPECT_EQ(shared->size(), kMegabyte);
}

}  // namespace
}  // namespace millstream::journal
