#pragma once

#include <strings.h>

#include <string_view>

namespace millstream::http {

// Whether two field names, or values of which case says nothing, are the same.
inline bool same_text(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace millstream::http
