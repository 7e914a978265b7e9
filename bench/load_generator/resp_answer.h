#pragma once

#include <string>
#include <string_view>

namespace millstream::bench {

// Reads one RESP2 answer as its bytes come: a simple string, an error, an integer or a bulk string;
// arrays are refused. Not synchronised.
class RespAnswer {
 public:
  enum class State { kMore, kDone, kBroken };

  // Takes the next bytes. After kDone, further bytes break it until clear().
  State feed(std::string_view bytes);
  void clear();

  // After kDone. The value without its type and line ends; "" for the null bulk string.
  [[nodiscard]] std::string_view value() const { return value_; }
  [[nodiscard]] bool is_error() const { return !bytes_.empty() && bytes_[0] == '-'; }

 private:
  State read_bulk(size_t line_end);

  std::string bytes_;
  std::string_view value_;
  bool done_ = false;
};

}  // namespace millstream::bench
