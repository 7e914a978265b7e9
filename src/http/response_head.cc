#include "http/response_head.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/byte_scan.h"

namespace millstream::http {
namespace {

bool is_control(char byte) {
  const auto code = static_cast<unsigned char>(byte);
  return (code < 0x20 && byte != '\t') || code == 0x7f;
}

// A control byte in a value would end the field early; it becomes a space.
void append_value(std::string_view value, std::string* out) {
  const size_t start = out->size();
  out->append(value);
  if (find_control(value, 0) == value.size()) return;
  std::replace_if(out->begin() + static_cast<ptrdiff_t>(start), out->end(), is_control, ' ');
}

}  // namespace

std::string_view status_phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Status";
  }
}

bool status_has_body(int status) {
  return status >= 200 && status != 204 && status != 304;
}

void append_response_head(const Response& response, bool keep_alive, std::string_view date,
                          std::string* out, Length length) {
  out->append("HTTP/1.1 ").append(fmt::format_int(response.status).c_str()).append(" ");
  out->append(status_phrase(response.status)).append("\r\n");
  for (const auto& [name, value] : response.headers) {
    out->append(name).append(": ");
    append_value(value, out);
    out->append("\r\n");
  }
  if (response.producer) {
    if (length == Length::kInChunks) out->append("transfer-encoding: chunked\r\n");
  } else if (status_has_body(response.status)) {
    out->append("content-length: ").append(fmt::format_int(response.body.size()).c_str());
    out->append("\r\n");
  }
  if (!keep_alive) out->append("connection: close\r\n");
  out->append("date: ").append(date).append("\r\n\r\n");
}

Response refusal_response(int status, std::string_view reason) {
  Response response;
  response.status = status;
  response.headers.add("content-type", "application/json");
  response.body = "{\"message\":\"";
  for (const char byte : reason) {
    if (byte == '"' || byte == '\\') response.body.push_back('\\');
    response.body.push_back(static_cast<unsigned char>(byte) < 0x20 ? ' ' : byte);
  }
  response.body += "\"}";
  return response;
}

int64_t body_deadline_us(const ServerLimits& limits, int64_t started_us, size_t bytes) {
  constexpr int64_t kBytesPerSecondMin = 16 << 10;
  return started_us + limits.body_timeout_ms * 1000 +
         static_cast<int64_t>(bytes) * 1'000'000 / kBytesPerSecondMin;
}

}  // namespace millstream::http
