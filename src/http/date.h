#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace millstream::http {

// "Sun, 22 Nov 2026 22:31:01 GMT", the Date header's form (RFC 9110, 5.6.7).
std::string http_date(int64_t wall_ms);

// The same, made once a second. Not synchronised.
class DateCache {
 public:
  std::string_view at(int64_t wall_ms) {
    if (wall_ms / 1000 != second_) {
      second_ = wall_ms / 1000;
      text_ = http_date(wall_ms);
    }
    return text_;
  }

 private:
  int64_t second_ = -1;
  std::string text_;
};

}  // namespace millstream::http
