#include "http1_answer.h"

#include <charconv>

namespace millstream::bench {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr size_t kHeadBytesMax = 64 << 10;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool same_name(std::string_view a, std::string_view lower_case) {
  if (a.size() != lower_case.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower_case[i]) return false;
  }
  return true;
}

bool read_number(std::string_view text, int base, size_t* number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *number, base);
  return error == std::errc() && end != text.data();
}

}  // namespace

void Http1Answer::clear() {
  bytes_.clear();
  chunked_body_.clear();
  body_begin_ = body_size_ = chunk_at_ = 0;
  status_ = 0;
  has_length_ = chunked_ = closes_ = done_ = false;
}

std::string_view Http1Answer::body() const {
  return chunked_ ? std::string_view(chunked_body_)
                  : std::string_view(bytes_).substr(body_begin_, body_size_);
}

Http1Answer::State Http1Answer::feed(std::string_view bytes) {
  if (done_) return State::kBroken;
  const size_t scan_from = bytes_.size() < 3 ? 0 : bytes_.size() - 3;
  bytes_.append(bytes);
  if (body_begin_ == 0) {
    const size_t end = bytes_.find("\r\n\r\n", scan_from);
    if (end == std::string::npos) {
      return bytes_.size() > kHeadBytesMax ? State::kBroken : State::kMore;
    }
    if (!read_head(end)) return State::kBroken;
    bytes_.reserve(body_begin_ + body_size_);
  }
  if (chunked_) return read_chunks();
  if (bytes_.size() < body_begin_ + body_size_) return State::kMore;
  done_ = true;
  return bytes_.size() == body_begin_ + body_size_ ? State::kDone : State::kBroken;
}

bool Http1Answer::read_head(size_t end) {
  const std::string_view head = std::string_view(bytes_).substr(0, end);
  size_t status = 0;
  if (!head.starts_with("HTTP/1.") || head.size() < 12 ||
      !read_number(head.substr(9, 3), 10, &status)) {
    return false;
  }
  status_ = static_cast<int>(status);
  size_t at = head.find(kLineEnd);
  while (at != std::string_view::npos) {
    const size_t begin = at + kLineEnd.size();
    at = head.find(kLineEnd, begin);
    const std::string_view line = head.substr(begin, at == head.npos ? at : at - begin);
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) return false;
    std::string_view value = line.substr(colon + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    if (!read_header(line.substr(0, colon), value)) return false;
  }
  body_begin_ = chunk_at_ = end + 4;
  return chunked_ || has_length_ || status_ == 204 || status_ == 304;
}

bool Http1Answer::read_header(std::string_view name, std::string_view value) {
  if (same_name(name, "content-length")) {
    has_length_ = true;
    return read_number(value, 10, &body_size_);
  }
  if (same_name(name, "transfer-encoding")) chunked_ = same_name(value, "chunked");
  if (same_name(name, "connection")) closes_ = same_name(value, "close");
  return true;
}

Http1Answer::State Http1Answer::read_chunks() {
  while (true) {
    const size_t line_end = bytes_.find(kLineEnd, chunk_at_);
    if (line_end == std::string::npos) return State::kMore;
    size_t size = 0;
    const auto line = std::string_view(bytes_).substr(chunk_at_, line_end - chunk_at_);
    if (!read_number(line, 16, &size)) return State::kBroken;
    const size_t begin = line_end + kLineEnd.size();
    if (bytes_.size() < begin + size + kLineEnd.size()) return State::kMore;
    if (std::string_view(bytes_).substr(begin + size, 2) != kLineEnd) return State::kBroken;
    chunk_at_ = begin + size + kLineEnd.size();
    if (size == 0) break;
    chunked_body_.append(bytes_, begin, size);
  }
  done_ = true;
  return chunk_at_ == bytes_.size() ? State::kDone : State::kBroken;
}

}  // namespace millstream::bench
