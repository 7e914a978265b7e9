#pragma once

#include <string>
#include <utility>
#include <vector>

namespace millstream::bench {

enum class Protocol { kHttp1, kHttp2, kResp };

// One request, made ready for one protocol beforehand so that sending it costs next to nothing.
struct Request {
  std::string bytes;  // HTTP/1.1 and RESP: all of it, as on the wire
  // HTTP/2: pseudo-headers and headers, and the body.
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

// The fields of an HTTP request; names in lower case. "host" and "content-length" are added.
struct HttpFields {
  std::string method;
  std::string path;
  std::string host;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

// `protocol` is kHttp1 or kHttp2.
Request make_http_request(Protocol protocol, HttpFields fields);

}  // namespace millstream::bench
