#include "services/functions/environments/output_parser.h"

#include <algorithm>
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
  size_t done = 0;
  while (done < pending_.size()) {
    const std::string_view rest = std::string_view(pending_).substr(done);
    const size_t taken =
        rest.starts_with(kRecordMark) ? take_record(rest, visit) : take_line(rest, visit);
    if (taken == 0) break;
    done += taken;
    searched_ = 0;
  }
  pending_.erase(0, done);
}

size_t OutputParser::take_record(std::string_view rest, const Visit& visit) {
  if (rest.size() < kHeadSize) return 0;
  const auto length = read_length(rest.substr(kRecordMark.size(), kLengthDigits));
  if (!length || *length > kLogMessageBytesMax) return 1;  // a line that happens to look like it
  if (rest.size() < kHeadSize + *length) return 0;
  give(rest.substr(kHeadSize, *length), visit);
  return kHeadSize + *length;
}

size_t OutputParser::take_line(std::string_view rest, const Visit& visit) {
  const size_t newline = rest.find('\n', searched_);
  // The mark may have come in pieces.
  const size_t mark_from = searched_ - std::min(searched_, kRecordMark.size() - 1);
  const size_t mark = rest.substr(0, newline).find(kRecordMark, mark_from);
  const size_t end = std::min(newline, mark);
  if (end == std::string_view::npos) {
    searched_ = rest.size();
    if (rest.size() <= kLogMessageBytesMax) return 0;
    give(rest.substr(0, kLogMessageBytesMax), visit);
    return kLogMessageBytesMax;
  }
  std::string_view line = rest.substr(0, end);
  if (line.ends_with('\r')) line.remove_suffix(1);
  give(line, visit);
  return mark == std::string_view::npos ? newline + 1 : mark;
}

void OutputParser::flush(const Visit& visit) {
  // A marked record whose rest never came is given as far as it got.
  std::string_view rest = pending_;
  if (rest.starts_with(kRecordMark)) rest.remove_prefix(std::min(rest.size(), kHeadSize));
  give(rest, visit);
  pending_.clear();
  searched_ = 0;
}

}  // namespace millstream::functions
