#include "aws/canonical_uri.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace millstream::aws {
namespace {

bool is_unreserved(char byte) {
  return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
         (byte >= '0' && byte <= '9') || byte == '-' || byte == '_' || byte == '.' || byte == '~';
}

int hex_digit(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

// RFC 3986, 5.2.4, and doubled slashes become one.
std::string without_dot_segments(std::string_view path) {
  std::vector<std::string_view> segments;
  bool ends_in_slash = false;
  while (!path.empty()) {
    const size_t slash = std::min(path.find('/'), path.size());
    const std::string_view segment = path.substr(0, slash);
    ends_in_slash = slash < path.size() || segment == "." || segment == "..";
    path.remove_prefix(std::min(slash + 1, path.size()));
    if (segment == ".." && !segments.empty()) segments.pop_back();
    if (!segment.empty() && segment != "." && segment != "..") segments.push_back(segment);
  }
  std::string result;
  for (const std::string_view segment : segments) result.append("/").append(segment);
  if (result.empty() || ends_in_slash) result.push_back('/');
  return result;
}

}  // namespace

void append_uri_encoded(std::string_view text, bool keep_slash, std::string* out) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  for (const char byte : text) {
    if (is_unreserved(byte) || (keep_slash && byte == '/')) {
      out->push_back(byte);
    } else {
      const auto code = static_cast<unsigned char>(byte);
      out->push_back('%');
      out->push_back(kDigits[code >> 4]);
      out->push_back(kDigits[code & 15]);
    }
  }
}

std::string uri_decoded(std::string_view text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
                        hex_digit(text[i + 2]) >= 0;
    if (escape) {
      result.push_back(static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])));
      i += 2;
    } else {
      result.push_back(text[i]);
    }
  }
  return result;
}

std::string canonical_path(std::string_view raw_path, bool for_s3) {
  std::string result;
  if (for_s3) {
    append_uri_encoded(uri_decoded(raw_path), true, &result);
  } else {
    append_uri_encoded(without_dot_segments(raw_path), true, &result);
  }
  return result;
}

std::string canonical_query(std::string_view raw_query) {
  std::vector<std::pair<std::string, std::string>> parameters;
  while (!raw_query.empty()) {
    const size_t end = std::min(raw_query.find('&'), raw_query.size());
    const std::string_view parameter = raw_query.substr(0, end);
    raw_query.remove_prefix(std::min(end + 1, raw_query.size()));
    if (parameter.empty()) continue;
    const size_t equals = std::min(parameter.find('='), parameter.size());
    auto& [name, value] = parameters.emplace_back();
    append_uri_encoded(uri_decoded(parameter.substr(0, equals)), false, &name);
    const std::string_view raw_value = parameter.substr(std::min(equals + 1, parameter.size()));
    append_uri_encoded(uri_decoded(raw_value), false, &value);
  }
  std::sort(parameters.begin(), parameters.end());
  std::string result;
  for (const auto& [name, value] : parameters) {
    if (!result.empty()) result.push_back('&');
    result.append(name).append("=").append(value);
  }
  return result;
}

}  // namespace millstream::aws
