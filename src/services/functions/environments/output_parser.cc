#include "services/functions/environments/output_parser.h"

#include <charconv>
#include <optional>

#include "services/functions/log_sink.h"

namespace millstream::functions {
namespace {

constexpr size_t kLengthDigits = 8;
constexpr size_t kHeadSize = OutputParser::kRecordMark.size() + kLengthDigits;

std::optional<size_t> read_length(std::string_view digits) {
  size_t length = 0;
  const auto [end, problem] =
      std::from_chars(digits.data(), digits.data() + digits.size(), length, 16);
  if (problem != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return length;
}

void give(std::string_view text, const OutputParser::Visit& visit) {
  while (text.size() > kLogMessageBytesMax) {
    visit(std::string(text.substr(0, kLogMessageBytesMax)));
    text.remove_prefix(kLogMessageBytesMax);
  }
  if (!text.empty()) visit(std::string(text));
}

}  // namespace

void OutputParser::feed(std::string_view bytes, const Visit& visit) {
  pending_ += bytes;
  while (!pending_.empty()) {
    const bool marked = pending_.compare(0, kRecordMark.size(), kRecordMark) == 0;
    if (!(marked ? take_record(visit) : take_line(visit))) return;
  }
}

bool OutputParser::take_record(const Visit& visit) {
  if (pending_.size() < kHeadSize) return false;
  const auto length =
      read_length(std::string_view(pending_).substr(kRecordMark.size(), kLengthDigits));
  if (!length) {
    pending_.erase(0, 1);  // not ours: a line that happens to look like it
    return true;
  }
  if (pending_.size() < kHeadSize + *length) return false;
  give(std::string_view(pending_).substr(kHeadSize, *length), visit);
  pending_.erase(0, kHeadSize + *length);
  return true;
}

bool OutputParser::take_line(const Visit& visit) {
  const size_t newline = pending_.find('\n');
  const size_t mark = pending_.find(kRecordMark);
  if (newline == std::string::npos && mark == std::string::npos) {
    if (pending_.size() <= kLogMessageBytesMax) return false;
    visit(pending_.substr(0, kLogMessageBytesMax));
    pending_.erase(0, kLogMessageBytesMax);
    return true;
  }
  const size_t end = std::min(newline, mark);
  std::string_view line = std::string_view(pending_).substr(0, end);
  if (line.ends_with('\r')) line.remove_suffix(1);
  give(line, visit);
  pending_.erase(0, end == newline ? end + 1 : end);
  return true;
}

void OutputParser::flush(const Visit& visit) {
  // A marked record whose rest never came is given as far as it got.
  std::string_view rest = pending_;
  if (rest.starts_with(kRecordMark)) rest.remove_prefix(std::min(rest.size(), kHeadSize));
  give(rest, visit);
  pending_.clear();
}

}  // namespace millstream::functions
