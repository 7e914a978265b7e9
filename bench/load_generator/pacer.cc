#include "pacer.h"

#include <algorithm>
#include <cmath>

namespace millstream::bench {
namespace {

uint64_t planned_requests(const Pacer::Plan& plan) {
  const double by_time = std::floor(plan.rate * static_cast<double>(plan.duration_us) / 1e6);
  const auto planned = static_cast<uint64_t>(by_time);
  return plan.requests_max == 0 ? planned : std::min(planned, plan.requests_max);
}

}  // namespace

Pacer::Pacer(Plan plan, int64_t start_us)
    : plan_(plan), start_us_(start_us), planned_(planned_requests(plan)) {}

std::optional<int64_t> Pacer::next_due(int64_t now_us) const {
  if (plan_.rate > 0) {
    if (taken_ >= planned_) return std::nullopt;
    return start_us_ + static_cast<int64_t>(static_cast<double>(taken_) * 1e6 / plan_.rate);
  }
  const bool is_over = now_us >= start_us_ + plan_.duration_us ||
                       (plan_.requests_max > 0 && taken_ >= plan_.requests_max);
  if (is_over) return std::nullopt;
  return now_us;
}

uint64_t Pacer::left(int64_t now_us) const {
  if (plan_.rate > 0) return planned_ - taken_;
  return next_due(now_us) ? 1 : 0;
}

}  // namespace millstream::bench
