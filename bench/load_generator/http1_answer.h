#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace millstream::bench {

// Reads one HTTP/1.1 answer as its bytes come: with content-length, chunked, or without a body (204
// and 304). An answer that only the connection's end would end is refused. Not synchronised.
class Http1Answer {
 public:
  enum class State { kMore, kDone, kBroken };

  // Takes the next bytes. After kDone, further bytes break it until clear().
  State feed(std::string_view bytes);
  void clear();

  // After kDone.
  [[nodiscard]] int status() const { return status_; }
  [[nodiscard]] std::string_view body() const;
  [[nodiscard]] bool closes() const { return closes_; }

 private:
  bool read_head(size_t end);
  bool read_header(std::string_view name, std::string_view value);
  State read_chunks();

  std::string bytes_;
  size_t body_begin_ = 0;  // 0 while the head isn't whole
  size_t body_size_ = 0;
  size_t chunk_at_ = 0;  // chunked: where the next chunk's size line begins
  std::string chunked_body_;
  int status_ = 0;
  bool has_length_ = false;
  bool chunked_ = false;
  bool closes_ = false;
  bool done_ = false;
};

}  // namespace millstream::bench
