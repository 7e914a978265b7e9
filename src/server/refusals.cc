#include "server/refusals.h"

#include <utility>

namespace millstream::server {

void Refusals::tell(std::string_view reason) {
  count_.add();
  const int64_t second = clock_.monotonic_us() / 1'000'000;
  std::lock_guard lock(mutex_);
  if (second != second_) {
    second_ = second;
    lines_ = 0;
    if (const uint64_t untold = std::exchange(untold_, 0); untold > 0) {
      write_("refused: " + std::to_string(untold) + " more that are not told one by one");
    }
  }
  if (lines_ >= kLinesPerSecondMax) {
    ++untold_;
    return;
  }
  ++lines_;
  write_("refused: " + std::string(reason));
}

}  // namespace millstream::server
