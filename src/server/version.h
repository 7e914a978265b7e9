#pragma once

namespace millstream::server {

extern const char* const kVersion;  // CMake's project version: "0.1.0"

}  // namespace millstream::server
