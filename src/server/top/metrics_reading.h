#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace millstream::server {

using Labels = std::map<std::string, std::string, std::less<>>;

// A server's metrics as they were at one moment. A value.
class MetricsReading {
 public:
  // Reads Prometheus's text format, as Metrics::text() writes it. Fails with kCorruption, naming
  // the line.
  static Result<MetricsReading> parse(std::string_view text);

  // The sum of the figures of that name that have these labels, and maybe others; 0 if there is
  // none.
  [[nodiscard]] double sum(std::string_view name, const Labels& labels = {}) const;
  // The labels of the figures of that name.
  [[nodiscard]] std::vector<Labels> labels_of(std::string_view name) const;
  // How many values of a histogram with these labels are at most each bound.
  [[nodiscard]] std::map<double, double> classes(std::string_view histogram,
                                                 const Labels& labels = {}) const;

 private:
  struct Figure {
    Labels labels;
    double value;
  };
  std::map<std::string, std::vector<Figure>, std::less<>> figures_;
};

// The value that `share` of the values that a histogram got between two readings don't exceed, as
// far as its classes tell; 0 if there were none.
double quantile_between(const MetricsReading& before, const MetricsReading& now,
                        std::string_view histogram, const Labels& labels, double share);

}  // namespace millstream::server
