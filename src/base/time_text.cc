#include "base/time_text.h"

#include <fmt/format.h>

#include <chrono>

namespace millstream {
namespace {

struct Parts {
  int year;
  unsigned month, day;
  int64_t hour, minute, second, ms;
};

Parts split(int64_t wall_ms) {
  using namespace std::chrono;
  const sys_time<milliseconds> at{milliseconds{wall_ms}};
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const int64_t rest = (at - day).count();
  return {int{date.year()}, unsigned{date.month()}, unsigned{date.day()}, rest / 3'600'000,
          rest / 60'000 % 60, rest / 1000 % 60, rest % 1000};
}

// Takes `count` digits off the front of `text`.
std::optional<int> digits(std::string_view* text, size_t count) {
  if (text->size() < count) return std::nullopt;
  int value = 0;
  for (char c : text->substr(0, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  text->remove_prefix(count);
  return value;
}

void skip(std::string_view* text, char c) {
  if (!text->empty() && text->front() == c) text->remove_prefix(1);
}

}  // namespace

std::string iso8601_seconds(int64_t wall_ms) {
  const Parts p = split(wall_ms);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", p.year, p.month, p.day, p.hour,
                     p.minute, p.second);
}

std::string iso8601_ms(int64_t wall_ms) {
  const Parts p = split(wall_ms);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", p.year, p.month, p.day, p.hour,
                     p.minute, p.second, p.ms);
}

std::string iso8601_basic(int64_t wall_ms) {
  const Parts p = split(wall_ms);
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", p.year, p.month, p.day, p.hour, p.minute,
                     p.second);
}

std::optional<int64_t> parse_iso8601_ms(std::string_view text) {
  using namespace std::chrono;
  const auto year_value = digits(&text, 4);
  skip(&text, '-');
  const auto month_value = digits(&text, 2);
  skip(&text, '-');
  const auto day_value = digits(&text, 2);
  skip(&text, 'T');
  const auto hour = digits(&text, 2);
  skip(&text, ':');
  const auto minute = digits(&text, 2);
  skip(&text, ':');
  const auto second = digits(&text, 2);
  if (!year_value || !month_value || !day_value || !hour || !minute || !second) return std::nullopt;
  int64_t ms = 0;
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    int64_t unit = 100;
    while (const auto digit = digits(&text, 1)) {
      ms += *digit * unit;
      unit /= 10;
    }
  }
  if (text != "Z") return std::nullopt;
  const year_month_day date{year{*year_value}, month{static_cast<unsigned>(*month_value)},
                            day{static_cast<unsigned>(*day_value)}};
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  const auto days_since = sys_days{date}.time_since_epoch();
  return duration_cast<milliseconds>(days_since).count() + *hour * 3'600'000LL +
         *minute * 60'000LL + *second * 1000LL + ms;
}

}  // namespace millstream
