#include "services/functions/sandbox/output_budget.h"

#include <algorithm>

namespace millstream::functions {
namespace {

constexpr int64_t kSecondUs = 1'000'000;

}  // namespace

size_t OutputBudget::bytes(int64_t now_us) {
  // A second refills it whole; what is longer ago doesn't count, and doesn't overflow.
  const int64_t passed_us = std::clamp<int64_t>(now_us - as_of_us_, 0, 2 * kSecondUs);
  const int64_t earned = passed_us * kBytesPerSecond / kSecondUs;
  if (earned > 0) as_of_us_ = now_us;
  bytes_ = std::min(bytes_ + earned, kBytesPerSecond);
  return static_cast<size_t>(std::max<int64_t>(bytes_, 0));
}

int64_t OutputBudget::pause_us() const {
  if (bytes_ > 0) return 0;
  return (kResumeBytes - bytes_) * kSecondUs / kBytesPerSecond;
}

}  // namespace millstream::functions
