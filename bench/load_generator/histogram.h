#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace millstream::bench {

// Counts of values in buckets that grow with the value: each power of two is cut into 128 buckets,
// so a percentile is at most 1/128 above the value that was recorded, at any size, in fixed memory.
// The unit is the caller's. A value; not synchronised.
class Histogram {
 public:
  Histogram();

  void record(uint64_t value);
  void merge(const Histogram& other);

  [[nodiscard]] uint64_t count() const { return count_; }
  [[nodiscard]] uint64_t min() const { return count_ == 0 ? 0 : min_; }
  [[nodiscard]] uint64_t max() const { return max_; }
  [[nodiscard]] double mean() const;
  // The smallest value that a share (0 to 1) of the recorded values doesn't exceed, rounded up to
  // its bucket's end, but never above max(). 0 when nothing was recorded.
  [[nodiscard]] uint64_t percentile(double share) const;

 private:
  std::vector<uint64_t> buckets_;
  uint64_t count_ = 0;
  uint64_t min_ = UINT64_MAX;
  uint64_t max_ = 0;
  double sum_ = 0;
};

}  // namespace millstream::bench
