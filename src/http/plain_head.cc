#include "http/plain_head.h"

#include <array>
#include <charconv>

#include "base/byte_scan.h"
#include "http/same_text.h"

namespace millstream::http {
namespace {

constexpr size_t kFieldsMax = 32;
constexpr std::string_view kVersion = " HTTP/1.1";

bool is_capital(char byte) {
  return byte >= 'A' && byte <= 'Z';
}

// Letters, digits, '-' and '_': what usual names are made of.
constexpr auto kOfName = [] {
  std::array<bool, 256> of_name{};
  for (unsigned char byte = 'a'; byte <= 'z'; ++byte) of_name[byte] = true;
  for (unsigned char byte = 'A'; byte <= 'Z'; ++byte) of_name[byte] = true;
  for (unsigned char byte = '0'; byte <= '9'; ++byte) of_name[byte] = true;
  of_name['-'] = of_name['_'] = true;
  return of_name;
}();

class Reader {
 public:
  explicit Reader(std::string_view input) : input_(input) {}

  std::optional<PlainHead> read(Request* request) {
    std::string_view start_line;
    if (!take_line(&start_line) || !read_start_line(start_line)) return std::nullopt;
    const size_t fields_start = at_;
    while (!ends_here()) {
      if (!read_field(fields_start)) return std::nullopt;
    }
    if (!has_host_) return std::nullopt;
    request->method = method_;
    request->target = target_;
    request->headers.assign(input_.substr(fields_start, at_ - fields_start),
                            {places_.data(), count_});
    head_.bytes = at_ + 2;
    return head_;
  }

 private:
  [[nodiscard]] bool ends_here() const { return input_.substr(at_, 2) == "\r\n"; }

  // A line without control bytes; `at_` is behind it then.
  bool take_line(std::string_view* line) {
    const size_t end = find_control(input_, at_);
    if (input_.substr(end, 2) != "\r\n") return false;
    *line = input_.substr(at_, end - at_);
    at_ = end + 2;
    return true;
  }

  bool read_start_line(std::string_view line) {
    size_t method_bytes = 0;
    while (method_bytes < line.size() && is_capital(line[method_bytes])) ++method_bytes;
    if (method_bytes == 0 || !line.ends_with(kVersion)) return false;
    method_ = line.substr(0, method_bytes);
    line.remove_suffix(kVersion.size());
    if (line.size() < method_bytes + 2 || line[method_bytes] != ' ') return false;
    target_ = line.substr(method_bytes + 1);
    if (target_[0] != '/') return false;
    for (const char byte : target_) {
      if (byte <= ' ') return false;  // blanks, and all that isn't ASCII
    }
    return true;
  }

  bool read_field(size_t fields_start) {
    const size_t start = at_;
    size_t colon = start;
    while (colon < input_.size() && kOfName[static_cast<unsigned char>(input_[colon])]) ++colon;
    if (colon == start || input_.substr(colon, 1) != ":" || count_ == kFieldsMax) return false;
    at_ = colon + 1;
    std::string_view value;
    if (!take_line(&value)) return false;
    while (value.starts_with(' ')) value.remove_prefix(1);
    while (value.ends_with(' ')) value.remove_suffix(1);
    const auto value_start = static_cast<size_t>(value.data() - input_.data());
    places_[count_++] = {
        static_cast<uint32_t>(start - fields_start), static_cast<uint32_t>(colon - start),
        static_cast<uint32_t>(value_start - fields_start), static_cast<uint32_t>(value.size())};
    return take_meaning(input_.substr(start, colon - start), value);
  }

  // What the session has to know of a field. False if this isn't the place to understand it.
  bool take_meaning(std::string_view name, std::string_view value) {
    switch (name.size()) {
      case 4:
        return !same_text(name, "host") || !std::exchange(has_host_, true);
      case 6:
        return !same_text(name, "expect");
      case 7:
        return !same_text(name, "upgrade");
      case 10:
        return !same_text(name, "connection") || take_connection(value);
      case 14:
        return !same_text(name, "content-length") || take_length(value);
      case 16:
        return !same_text(name, "proxy-connection");
      case 17:
        return !same_text(name, "transfer-encoding");
      default:
        return true;
    }
  }

  bool take_connection(std::string_view value) {
    head_.keep_alive = same_text(value, "keep-alive");
    return !std::exchange(has_connection_, true) && (head_.keep_alive || same_text(value, "close"));
  }

  bool take_length(std::string_view value) {
    const auto parsed =
        std::from_chars(value.data(), value.data() + value.size(), head_.content_length);
    return !std::exchange(has_length_, true) && parsed.ec == std::errc() &&
           parsed.ptr == value.data() + value.size();
  }

  const std::string_view input_;
  size_t at_ = 0;
  std::string_view method_, target_;
  std::array<Headers::Place, kFieldsMax> places_;
  size_t count_ = 0;
  bool has_host_ = false, has_connection_ = false, has_length_ = false;
  PlainHead head_;
};

}  // namespace

std::optional<PlainHead> read_plain_head(std::string_view input, Request* request) {
  return Reader(input).read(request);
}

}  // namespace millstream::http
