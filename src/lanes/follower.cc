#include "lanes/follower.h"

#include <utility>

#include "base/check.h"

namespace millstream::lanes {

Follower::Follower(Lanes& lanes, std::string_view prefix, Apply apply)
    : lanes_(lanes), prefix_(prefix), apply_(std::move(apply)) {
  lanes_.observe(prefix_, [this](std::string_view key, std::optional<std::string_view> value) {
    CHECK(apply_(key, value).ok());
  });
}

Result<> Follower::load() {
  return lanes_.scan_now(
      prefix_, prefix_end(prefix_),
      [this](std::string_view key, std::string_view value) { return apply_(key, value); });
}

}  // namespace millstream::lanes
