#pragma once

#include <string>

namespace millstream::functions {

// Puts U+FFFD in place of every byte that isn't part of well-formed UTF-8 (RFC 3629).
void make_valid_utf8(std::string* text);

}  // namespace millstream::functions
