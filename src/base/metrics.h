#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace millstream {

// How many cells a figure is kept in, so that cores that count at once don't take a cache line from
// one another. Whoever reads a figure adds them up.
inline constexpr size_t kMetricStripes = 8;
// The stripe of the core that the caller runs on.
size_t metric_stripe();

// A number that only grows, or that goes up and down. Any thread; without locks.
class Counter {
 public:
  void add(int64_t amount = 1) {
    cells_[metric_stripe()].value.fetch_add(amount, std::memory_order_relaxed);
  }
  [[nodiscard]] int64_t value() const;

 private:
  struct alignas(64) Cell {
    std::atomic<int64_t> value{0};
  };
  std::array<Cell, kMetricStripes> cells_;
};

// How often values of which size were recorded. Its classes end at powers of two, so a quantile is
// known within a factor of two at worst. Any thread; without locks.
class Histogram {
 public:
  // Class i holds what is at most 2^i and more than the class before; the last holds the rest.
  static constexpr size_t kClasses = 33;

  void record(int64_t value);
  struct Snapshot {
    std::array<uint64_t, kClasses> counts{};
    uint64_t count = 0;
    int64_t sum = 0;
  };
  [[nodiscard]] Snapshot snapshot() const;

 private:
  struct alignas(64) Stripe {
    std::array<std::atomic<uint64_t>, kClasses> counts{};
    std::atomic<int64_t> sum{0};
  };
  std::array<Stripe, kMetricStripes> stripes_;
};

// Label names and values, as they are shown: {{"service", "kinesis"}}.
using MetricLabels = std::vector<std::pair<std::string, std::string>>;

// The figures that a server keeps of itself, shown in Prometheus's text format (version 0.0.4).
//
// Usage: whoever counts asks once, at start, for a counter or a histogram and keeps the reference,
// which lives as long as this does. Counting then costs an addition to a memory cell.
//
// Names: "millstream_requests_total"; a family's figures have one name and help text and differ in
// their labels. Asking for a figure that is there gives that one. Thread-safe.
class Metrics {
 public:
  Counter& counter(const std::string& name, const std::string& help, MetricLabels labels = {});
  // A number that goes up and down.
  Counter& gauge(const std::string& name, const std::string& help, MetricLabels labels = {});
  // Values are shown multiplied by `scale`: 1e-6 for what is recorded in microseconds and called
  // "..._seconds".
  Histogram& histogram(const std::string& name, const std::string& help, double scale,
                       MetricLabels labels = {});

  // A family whose figures are looked up each time that they are shown. `read` is called by text(),
  // on its thread.
  struct Reading {
    MetricLabels labels;
    double value;
  };
  void gauges(const std::string& name, const std::string& help,
              std::function<std::vector<Reading>()> read);

  // Families by name, figures in the order in which they were asked for; histograms that recorded
  // nothing are left out.
  [[nodiscard]] std::string text() const;

 private:
  struct Family {
    std::string type;
    std::string help;
    double scale = 1;
    std::vector<std::pair<std::string, std::unique_ptr<Counter>>> counters;  // by label text
    std::vector<std::pair<std::string, std::unique_ptr<Histogram>>> histograms;
    std::function<std::vector<Reading>()> read;
  };

  Family& family(const std::string& name, const std::string& help, const char* type);
  Counter& add_counter(const std::string& name, const std::string& help, const char* type,
                       const MetricLabels& labels);

  mutable std::mutex mutex_;
  std::map<std::string, Family> families_;  // guarded by mutex_
};

}  // namespace millstream
