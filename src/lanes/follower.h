#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "lanes/lanes.h"

namespace millstream::lanes {

// Follows what is stored below a key prefix: everything that is there at the start, then every
// change as the lanes tell it (lanes.h, Observer). What it was given outlives it.
class Follower {
 public:
  // Takes one entry in, or its removal (`value` is empty). May fail on what load() reads; what a
  // lane tells was written by this process a moment ago, so failing on that stops the process.
  using Apply =
      std::function<Result<>(std::string_view key, std::optional<std::string_view> value)>;

  // Registers with `lanes`, before they are started.
  Follower(Lanes& lanes, std::string_view prefix, Apply apply);
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  // Reads what is stored. Blocks; once, before the first request.
  Result<> load();

 private:
  Lanes& lanes_;
  const std::string prefix_;
  const Apply apply_;
};

}  // namespace millstream::lanes
