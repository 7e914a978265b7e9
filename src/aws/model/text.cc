#include "aws/model/text.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>

#include "base/base64.h"
#include "base/time_text.h"

namespace millstream::aws::model {

namespace {

constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

template <class Integer>
bool parse_integer(std::string_view text, Integer* value) {
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, *value);
  return parsed.ec == std::errc() && parsed.ptr == end;
}

bool parse_double(std::string_view text, double* value) {
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, *value);
  return parsed.ec == std::errc() && parsed.ptr == end && std::isfinite(*value);
}

bool parse_boolean(std::string_view text, bool* value) {
  *value = text == "true" || text == "True" || text == "TRUE";
  return *value || text == "false" || text == "False" || text == "FALSE";
}

bool parse_timestamp(std::string_view text, Timestamp* value) {
  if (const auto ms = parse_iso8601_ms(text)) {
    value->ms = *ms;
    return true;
  }
  if (const auto date = parse_rfc822(text)) {
    *value = *date;
    return true;
  }
  double seconds = 0;
  constexpr double kSecondsMax = 9e15;
  if (!parse_double(text, &seconds) || std::fabs(seconds) > kSecondsMax) return false;
  value->ms = std::llround(seconds * 1000);
  return true;
}

}  // namespace

void append_seconds(Timestamp timestamp, std::string* out) {
  const uint64_t ms =
      timestamp.ms < 0 ? -static_cast<uint64_t>(timestamp.ms) : static_cast<uint64_t>(timestamp.ms);
  if (timestamp.ms < 0) *out += '-';
  *out += std::to_string(ms / 1000);
  if (ms % 1000 == 0) return;
  char fraction[8];
  std::snprintf(fraction, sizeof fraction, ".%03u", static_cast<unsigned>(ms % 1000));
  *out += fraction;
}

void append_double(double value, std::string* out) {
  if (std::isnan(value)) {
    *out += "NaN";
  } else if (std::isinf(value)) {
    *out += value < 0 ? "-Infinity" : "Infinity";
  } else {
    char text[32];
    out->append(text, std::to_chars(text, text + sizeof text, value).ptr);
  }
}

std::string rfc822(Timestamp timestamp) {
  using namespace std::chrono;
  const sys_time<milliseconds> time{milliseconds(timestamp.ms)};
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{floor<seconds>(time - day)};
  char text[64];
  std::snprintf(text, sizeof text, "%s, %02u %s %04d %02d:%02d:%02d GMT",
                kDays[weekday(day).c_encoding()].data(), static_cast<unsigned>(date.day()),
                kMonths[static_cast<unsigned>(date.month()) - 1].data(),
                static_cast<int>(date.year()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text;
}

std::optional<Timestamp> parse_rfc822(std::string_view text) {
  // "Sun, 22 Nov 2026 10:15:30 GMT"
  if (text.size() != 29 || text.substr(25) != " GMT") return std::nullopt;
  size_t month = 0;
  while (month < kMonths.size() && kMonths[month] != text.substr(8, 3)) ++month;
  if (month == kMonths.size()) return std::nullopt;
  char iso[32];
  std::snprintf(iso, sizeof iso, "%.4s-%02u-%.2sT%.8sZ", text.data() + 12,
                static_cast<unsigned>(month + 1), text.data() + 5, text.data() + 17);
  const auto ms = parse_iso8601_ms(iso);
  if (!ms) return std::nullopt;
  return Timestamp{*ms};
}

TimestampFormat timestamp_format(TimestampFormat member, const Type& type,
                                 TimestampFormat fallback) {
  if (member != TimestampFormat::kDefault) return member;
  return type.timestamp != TimestampFormat::kDefault ? type.timestamp : fallback;
}

void append_timestamp(Timestamp timestamp, TimestampFormat format, std::string* out) {
  switch (format) {
    case TimestampFormat::kIso8601:
      *out += timestamp.ms % 1000 == 0 ? iso8601_seconds(timestamp.ms) : iso8601_ms(timestamp.ms);
      break;
    case TimestampFormat::kRfc822:
      *out += rfc822(timestamp);
      break;
    default:
      append_seconds(timestamp, out);
  }
}

void append_text(const Type& type, const void* value, TimestampFormat format, std::string* out) {
  switch (type.kind) {
    case Kind::kString:
      *out += *static_cast<const std::string*>(value);
      break;
    case Kind::kBlob:
      base64_append(*static_cast<const std::string*>(value), out);
      break;
    case Kind::kBoolean:
      *out += *static_cast<const bool*>(value) ? "true" : "false";
      break;
    case Kind::kInteger:
      *out += std::to_string(*static_cast<const int32_t*>(value));
      break;
    case Kind::kLong:
      *out += std::to_string(*static_cast<const int64_t*>(value));
      break;
    case Kind::kDouble:
      append_double(*static_cast<const double*>(value), out);
      break;
    case Kind::kTimestamp:
      append_timestamp(*static_cast<const Timestamp*>(value), format, out);
      break;
    default:
      CHECK(false);
  }
}

bool parse_text(const Type& type, std::string_view text, void* value) {
  switch (type.kind) {
    case Kind::kString:
      static_cast<std::string*>(value)->assign(text);
      return true;
    case Kind::kBlob: {
      auto bytes = base64_decode(text);
      if (bytes) *static_cast<std::string*>(value) = std::move(*bytes);
      return bytes.has_value();
    }
    case Kind::kBoolean:
      return parse_boolean(text, static_cast<bool*>(value));
    case Kind::kInteger:
      return parse_integer(text, static_cast<int32_t*>(value));
    case Kind::kLong:
      return parse_integer(text, static_cast<int64_t*>(value));
    case Kind::kDouble:
      return parse_double(text, static_cast<double*>(value));
    case Kind::kTimestamp:
      return parse_timestamp(text, static_cast<Timestamp*>(value));
    default:
      return false;
  }
}

}  // namespace millstream::aws::model
