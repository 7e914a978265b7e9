#include "request.h"

#include <fmt/format.h>

#include <iterator>

#include "base/check.h"

namespace millstream::bench {
namespace {

Request http1(const HttpFields& fields) {
  fmt::memory_buffer out;
  fmt::format_to(std::back_inserter(out), "{} {} HTTP/1.1\r\nhost: {}\r\n", fields.method,
                 fields.path, fields.host);
  for (const auto& [name, value] : fields.headers) {
    fmt::format_to(std::back_inserter(out), "{}: {}\r\n", name, value);
  }
  fmt::format_to(std::back_inserter(out), "content-length: {}\r\n\r\n{}", fields.body.size(),
                 fields.body);
  return {.bytes = fmt::to_string(out)};
}

Request http2(HttpFields fields) {
  Request request;
  request.headers = {{":method", fields.method},
                     {":scheme", "http"},
                     {":authority", fields.host},
                     {":path", fields.path}};
  for (auto& header : fields.headers) request.headers.push_back(std::move(header));
  request.headers.emplace_back("content-length", std::to_string(fields.body.size()));
  request.body = std::move(fields.body);
  return request;
}

}  // namespace

Request make_http_request(Protocol protocol, HttpFields fields) {
  CHECK(protocol != Protocol::kResp);
  return protocol == Protocol::kHttp1 ? http1(fields) : http2(std::move(fields));
}

}  // namespace millstream::bench
