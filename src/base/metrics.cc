#include "base/metrics.h"

#include <fmt/format.h>
#include <sched.h>

#include <algorithm>
#include <bit>
#include <iterator>

#include "base/check.h"

namespace millstream {
namespace {

// service="kinesis",operation="PutRecord"
std::string label_text(const MetricLabels& labels) {
  std::string text;
  for (const auto& [name, value] : labels) {
    if (!text.empty()) text.push_back(',');
    text.append(name).append("=\"");
    for (const char byte : value) {
      if (byte == '\n') {
        text.append("\\n");
        continue;
      }
      if (byte == '"' || byte == '\\') text.push_back('\\');
      text.push_back(byte);
    }
    text.push_back('"');
  }
  return text;
}

void append_figure(std::string_view name, std::string_view labels, double value, std::string* out) {
  out->append(name);
  if (!labels.empty()) out->append("{").append(labels).append("}");
  // Fifteen digits: every count whole, and no trace of a scale that isn't a binary fraction.
  fmt::format_to(std::back_inserter(*out), " {:.15g}\n", value);
}

void append_histogram(const std::string& name, const std::string& labels, double scale,
                      const Histogram::Snapshot& snapshot, std::string* out) {
  const std::string before = labels.empty() ? "" : labels + ",";
  uint64_t until = 0;
  // All of them, the empty ones too: what is added up over servers must have the same classes.
  for (size_t i = 0; i + 1 < Histogram::kClasses; ++i) {
    until += snapshot.counts[i];
    const double bound = static_cast<double>(uint64_t{1} << i) * scale;
    append_figure(name + "_bucket", fmt::format("{}le=\"{:g}\"", before, bound),
                  static_cast<double>(until), out);
  }
  append_figure(name + "_bucket", before + "le=\"+Inf\"", static_cast<double>(snapshot.count), out);
  append_figure(name + "_sum", labels, static_cast<double>(snapshot.sum) * scale, out);
  append_figure(name + "_count", labels, static_cast<double>(snapshot.count), out);
}

template <class Figure>
Figure& find_or_add(std::vector<std::pair<std::string, std::unique_ptr<Figure>>>* figures,
                    std::string labels) {
  for (const auto& [known, figure] : *figures) {
    if (known == labels) return *figure;
  }
  figures->emplace_back(std::move(labels), std::make_unique<Figure>());
  return *figures->back().second;
}

}  // namespace

size_t metric_stripe() {
  return static_cast<unsigned>(sched_getcpu()) % kMetricStripes;
}

int64_t Counter::value() const {
  int64_t sum = 0;
  for (const Cell& cell : cells_) sum += cell.value.load(std::memory_order_relaxed);
  return sum;
}

void Histogram::record(int64_t value) {
  const uint64_t size = value <= 1 ? 0 : static_cast<uint64_t>(value - 1);
  const auto index = std::min<size_t>(std::bit_width(size), kClasses - 1);
  Stripe& stripe = stripes_[metric_stripe()];
  stripe.counts[index].fetch_add(1, std::memory_order_relaxed);
  stripe.sum.fetch_add(value, std::memory_order_relaxed);
}

Histogram::Snapshot Histogram::snapshot() const {
  Snapshot snapshot;
  for (const Stripe& stripe : stripes_) {
    for (size_t i = 0; i < kClasses; ++i) {
      const uint64_t count = stripe.counts[i].load(std::memory_order_relaxed);
      snapshot.counts[i] += count;
      snapshot.count += count;
    }
    snapshot.sum += stripe.sum.load(std::memory_order_relaxed);
  }
  return snapshot;
}

Metrics::Family& Metrics::family(const std::string& name, const std::string& help,
                                 const char* type) {
  Family& family = families_[name];
  CHECK(family.type.empty() || family.type == type);
  family.type = type;
  family.help = help;
  return family;
}

Counter& Metrics::add_counter(const std::string& name, const std::string& help, const char* type,
                              const MetricLabels& labels) {
  std::lock_guard lock(mutex_);
  return find_or_add(&family(name, help, type).counters, label_text(labels));
}

Counter& Metrics::counter(const std::string& name, const std::string& help, MetricLabels labels) {
  return add_counter(name, help, "counter", labels);
}

Counter& Metrics::gauge(const std::string& name, const std::string& help, MetricLabels labels) {
  return add_counter(name, help, "gauge", labels);
}

Histogram& Metrics::histogram(const std::string& name, const std::string& help, double scale,
                              MetricLabels labels) {
  std::lock_guard lock(mutex_);
  Family& found = family(name, help, "histogram");
  found.scale = scale;
  return find_or_add(&found.histograms, label_text(labels));
}

void Metrics::gauges(const std::string& name, const std::string& help,
                     std::function<std::vector<Reading>()> read) {
  std::lock_guard lock(mutex_);
  family(name, help, "gauge").read = std::move(read);
}

std::string Metrics::text() const {
  std::lock_guard lock(mutex_);
  std::string text;
  for (const auto& [name, family] : families_) {
    text.append("# HELP ").append(name).append(" ").append(family.help).append("\n");
    text.append("# TYPE ").append(name).append(" ").append(family.type).append("\n");
    for (const auto& [labels, counter] : family.counters) {
      append_figure(name, labels, static_cast<double>(counter->value()), &text);
    }
    for (const auto& [labels, histogram] : family.histograms) {
      const Histogram::Snapshot snapshot = histogram->snapshot();
      if (snapshot.count > 0) append_histogram(name, labels, family.scale, snapshot, &text);
    }
    if (!family.read) continue;
    for (const Reading& reading : family.read()) {
      append_figure(name, label_text(reading.labels), reading.value, &text);
    }
  }
  return text;
}

}  // namespace millstream
