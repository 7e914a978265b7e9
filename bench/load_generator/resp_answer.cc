#include "resp_answer.h"

#include <charconv>

namespace millstream::bench {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

}  // namespace

void RespAnswer::clear() {
  bytes_.clear();
  value_ = {};
  done_ = false;
}

RespAnswer::State RespAnswer::feed(std::string_view bytes) {
  if (done_) return State::kBroken;
  bytes_.append(bytes);
  if (bytes_.empty()) return State::kMore;
  if (std::string_view("+-:$").find(bytes_[0]) == std::string_view::npos) return State::kBroken;
  const size_t line_end = bytes_.find(kLineEnd);
  if (line_end == std::string::npos) return State::kMore;
  if (bytes_[0] == '$') return read_bulk(line_end);
  done_ = true;
  value_ = std::string_view(bytes_).substr(1, line_end - 1);
  return line_end + kLineEnd.size() == bytes_.size() ? State::kDone : State::kBroken;
}

RespAnswer::State RespAnswer::read_bulk(size_t line_end) {
  long size = 0;
  const char* const end = bytes_.data() + line_end;
  const auto read = std::from_chars(bytes_.data() + 1, end, size);
  if (read.ec != std::errc() || read.ptr != end || size < -1) return State::kBroken;
  const size_t begin = line_end + kLineEnd.size();
  const size_t whole = size == -1 ? begin : begin + static_cast<size_t>(size) + kLineEnd.size();
  if (bytes_.size() < whole) return State::kMore;
  done_ = true;
  if (size > 0) value_ = std::string_view(bytes_).substr(begin, static_cast<size_t>(size));
  return bytes_.size() == whole ? State::kDone : State::kBroken;
}

}  // namespace millstream::bench
