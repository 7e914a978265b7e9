#include "http/room.h"

#include <gtest/gtest.h>

namespace millstream::http {
namespace {

TEST(HttpPlace, TakesFromBothRoomsOrFromNone) {
  auto own = std::make_shared<Room>(10, 800'000);
  auto common = std::make_shared<Room>(10, 1'600'000);
  Place first(common, own), second(common);
  EXPECT_TRUE(first.grow_to(700'000));
  EXPECT_FALSE(first.grow_to(750'000));  // an eighth of its own is for small ones
  EXPECT_EQ(common->bytes.used(), 700'000u);
  EXPECT_FALSE(second.grow_to(800'000));
  EXPECT_FALSE(second.could_grow_to(800'000));
  EXPECT_TRUE(second.grow_to(700'000));
  EXPECT_EQ(common->bytes.used(), 1'400'000u);
}

TEST(HttpPlace, ASmallRequestFindsRoomWhenLargeOnesTookTheirs) {
  auto room = std::make_shared<Room>(10, 8'000'000);
  Place large(room), small(room);
  EXPECT_TRUE(large.grow_to(7'000'000));
  EXPECT_FALSE(small.grow_to(Place::kSmallBytes + 1));
  EXPECT_TRUE(small.grow_to(Place::kSmallBytes));
}

TEST(HttpPlace, GivesEverythingBackAtItsEnd) {
  auto own = std::make_shared<Room>(1, 1000);
  auto common = std::make_shared<Room>(1, 1000);
  {
    Place place(common, own);
    EXPECT_TRUE(place.enter());
    EXPECT_TRUE(place.grow_to(500));
    place.hold(5000);
    Place other(common, own);
    EXPECT_FALSE(other.enter());
    EXPECT_FALSE(other.grow_to(1));
    place.hold(10);
    EXPECT_TRUE(other.grow_to(1));
  }
  for (const auto& room : {own, common}) {
    EXPECT_EQ(room->bytes.used(), 0u);
    EXPECT_EQ(room->requests.used(), 0u);
  }
}

TEST(HttpPlace, IsRefusedWhenTheSharedRoomIsFullAndLeavesItsOwnAlone) {
  auto own = std::make_shared<Room>(5, 1000);
  auto common = std::make_shared<Room>(1, 1000);
  Place first(common, own), second(common, own);
  EXPECT_TRUE(first.enter());
  EXPECT_FALSE(second.enter());
  EXPECT_EQ(own->requests.used(), 1u);
  first.leave();
  EXPECT_TRUE(second.enter());
}

}  // namespace
}  // namespace millstream::http
