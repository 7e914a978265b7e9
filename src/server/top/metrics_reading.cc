#include "server/top/metrics_reading.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

namespace millstream::server {
namespace {

bool has_labels(const Labels& figure, const Labels& wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const auto& label) {
    const auto found = figure.find(label.first);
    return found != figure.end() && found->second == label.second;
  });
}

// The text up to a quote that isn't escaped; steps behind it.
std::optional<std::string> read_quoted(std::string_view* rest) {
  if (!rest->starts_with('"')) return std::nullopt;
  std::string text;
  for (size_t i = 1; i < rest->size(); ++i) {
    char byte = (*rest)[i];
    if (byte == '"') {
      rest->remove_prefix(i + 1);
      return text;
    }
    if (byte == '\\' && i + 1 < rest->size()) {
      byte = (*rest)[++i];
      if (byte == 'n') byte = '\n';
    }
    text.push_back(byte);
  }
  return std::nullopt;
}

// {name="value",name="value"}, or nothing; steps behind it.
std::optional<Labels> read_labels(std::string_view* rest) {
  Labels labels;
  if (!rest->starts_with('{')) return labels;
  rest->remove_prefix(1);
  while (!rest->starts_with('}')) {
    const size_t equals = rest->find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    const std::string name(rest->substr(0, equals));
    rest->remove_prefix(equals + 1);
    auto value = read_quoted(rest);
    if (!value) return std::nullopt;
    labels.emplace(name, std::move(*value));
    if (rest->starts_with(',')) rest->remove_prefix(1);
  }
  rest->remove_prefix(1);
  return labels;
}

std::optional<double> read_number(std::string_view text) {
  if (text == "+Inf") return std::numeric_limits<double>::infinity();
  double value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

Result<MetricsReading> MetricsReading::parse(std::string_view text) {
  MetricsReading reading;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.starts_with('#')) continue;
    std::string_view rest = line;
    const size_t name_end = rest.find_first_of("{ ");
    const std::string name(rest.substr(0, name_end));
    rest.remove_prefix(std::min(name_end, rest.size()));
    auto labels = read_labels(&rest);
    const auto value = rest.starts_with(' ') ? read_number(rest.substr(1)) : std::nullopt;
    if (!labels || !value) {
      return Error{ErrorCode::kCorruption, "This is no line of metrics: " + std::string(line)};
    }
    reading.figures_[name].push_back({std::move(*labels), *value});
  }
  return reading;
}

double MetricsReading::sum(std::string_view name, const Labels& labels) const {
  const auto family = figures_.find(name);
  if (family == figures_.end()) return 0;
  double sum = 0;
  for (const Figure& figure : family->second) {
    if (has_labels(figure.labels, labels)) sum += figure.value;
  }
  return sum;
}

std::vector<Labels> MetricsReading::labels_of(std::string_view name) const {
  std::vector<Labels> all;
  const auto family = figures_.find(name);
  if (family == figures_.end()) return all;
  for (const Figure& figure : family->second) all.push_back(figure.labels);
  return all;
}

std::map<double, double> MetricsReading::classes(std::string_view histogram,
                                                 const Labels& labels) const {
  std::map<double, double> classes;
  const auto family = figures_.find(std::string(histogram) + "_bucket");
  if (family == figures_.end()) return classes;
  for (const Figure& figure : family->second) {
    const auto bound = figure.labels.find("le");
    if (bound == figure.labels.end() || !has_labels(figure.labels, labels)) continue;
    if (const auto number = read_number(bound->second)) classes[*number] += figure.value;
  }
  return classes;
}

double quantile_between(const MetricsReading& before, const MetricsReading& now,
                        std::string_view histogram, const Labels& labels, double share) {
  const std::map<double, double> earlier = before.classes(histogram, labels);
  const std::map<double, double> classes = now.classes(histogram, labels);
  const auto until = [&](const std::pair<const double, double>& entry) {
    const auto found = earlier.find(entry.first);
    return entry.second - (found == earlier.end() ? 0 : found->second);
  };
  if (classes.empty()) return 0;
  const double count = until(*classes.rbegin());
  if (count <= 0) return 0;
  double largest = 0;
  for (const auto& entry : classes) {
    if (std::isfinite(entry.first)) largest = entry.first;
    if (until(entry) >= share * count) break;
  }
  return largest;
}

}  // namespace millstream::server
