#include "histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace millstream::bench {
namespace {

constexpr int kSubBucketBits = 7;
constexpr size_t kSubBuckets = size_t{1} << kSubBucketBits;
constexpr size_t kBuckets = kSubBuckets * (64 - kSubBucketBits + 1);

// The first 256 values have a bucket each; from there on the highest eight bits choose it.
size_t bucket_of(uint64_t value) {
  const int shift = std::max(0, static_cast<int>(std::bit_width(value)) - 1 - kSubBucketBits);
  return static_cast<size_t>(value >> shift) + kSubBuckets * static_cast<size_t>(shift);
}

uint64_t highest_in(size_t bucket) {
  const size_t shift = bucket < 2 * kSubBuckets ? 0 : bucket / kSubBuckets - 1;
  const uint64_t top = bucket - kSubBuckets * shift;
  return ((top + 1) << shift) - 1;
}

}  // namespace

Histogram::Histogram() : buckets_(kBuckets) {}

void Histogram::record(uint64_t value) {
  ++buckets_[bucket_of(value)];
  ++count_;
  min_ = std::min(min_, value);
  max_ = std::max(max_, value);
  sum_ += static_cast<double>(value);
}

void Histogram::merge(const Histogram& other) {
  for (size_t i = 0; i < kBuckets; ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
  sum_ += other.sum_;
}

double Histogram::mean() const {
  return count_ == 0 ? 0 : sum_ / static_cast<double>(count_);
}

uint64_t Histogram::percentile(double share) const {
  // 0.99 of 100 is 99 of them, though the product in binary is a little more.
  const double rank = share * static_cast<double>(count_) * (1 - 1e-12);
  const auto wanted = static_cast<uint64_t>(std::ceil(rank));
  uint64_t seen = 0;
  for (size_t i = 0; i < kBuckets && count_ > 0; ++i) {
    seen += buckets_[i];
    if (seen > 0 && seen >= wanted) return std::min(highest_in(i), max_);
  }
  return max_;
}

}  // namespace millstream::bench
