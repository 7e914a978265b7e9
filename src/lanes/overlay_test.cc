#include "lanes/overlay.h"

#include <gtest/gtest.h>

namespace millstream::lanes {
namespace {

TEST(OverlayTest, ForgetsAKeyOnceItsNewestChangeIsApplied) {
  Overlay overlay;
  overlay.set("a", "older", 7);
  overlay.set("a", "newer", 8);
  overlay.applied("a", 7);
  ASSERT_NE(overlay.find("a"), nullptr);
  EXPECT_EQ(overlay.find("a")->value, "newer");
  overlay.applied("a", 8);
  EXPECT_EQ(overlay.find("a"), nullptr);
}

TEST(OverlayTest, AKeyThatIsErasedIsPendingToo) {
  Overlay overlay;
  overlay.set("a", std::nullopt, 7);
  ASSERT_NE(overlay.find("a"), nullptr);
  EXPECT_FALSE(overlay.find("a")->value);
}

}  // namespace
}  // namespace millstream::lanes
