#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "http/message.h"

namespace millstream::http {

// Reads one HTTP/1 request at a time: Boost.Beast's parser behind a small door, and before it, for
// the header that nearly every request has, a reader of less generality (http/plain_head.h).
//
// Usage: reset(); head() with all bytes that came until it isn't kNeedMore; then, if the request is
// chunked, chunked_body() in the same way. A body with a length isn't read here: the session moves
// it into request().body itself. A value for one session; not synchronised.
class RequestParser {
 public:
  RequestParser(size_t header_bytes_max, size_t body_bytes_max);
  ~RequestParser();

  enum class State { kNeedMore, kDone, kRefused };

  void reset();
  // Parses from the start of `input`; `*consumed` bytes are done with and must not come again.
  State head(std::string_view input, size_t* consumed);
  State chunked_body(std::string_view input, size_t* consumed);

  [[nodiscard]] Request& request();
  // After head() was kDone.
  [[nodiscard]] bool chunked() const;
  [[nodiscard]] uint64_t content_length() const;  // 0 if there is none
  [[nodiscard]] bool keep_alive() const;          // HTTP/1.0 connections serve one request
  [[nodiscard]] bool takes_chunks() const;        // HTTP/1.1
  [[nodiscard]] bool expects_continue() const;
  // After kRefused: what to answer.
  [[nodiscard]] int status() const;
  [[nodiscard]] std::string_view reason() const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

// Grows `body` for `more` bytes, geometrically, keeping kBodySpareBytes free behind them.
void reserve_body(std::string* body, size_t more);

}  // namespace millstream::http
