#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace millstream::functions {

// Lambda's limits on a deployment package.
inline constexpr size_t kZipBytesMax = 50u << 20;
inline constexpr uint64_t kUnzippedBytesMax = 250u << 20;
inline constexpr size_t kZipEntriesMax = 200'000;

// Unpacks a zip into `directory`, which must exist and be empty. Directories become 0755, files
// 0644 or, if anybody may execute them in the zip, 0755; links are made last, so nothing is written
// through one. Blocks. Fails with kInvalidArgument when it isn't a whole zip or an entry would
// leave the directory, and with kNoSpace when it unpacks to more than kUnzippedBytesMax; the
// directory then holds part of it.
Result<> unzip(std::string_view zip, const std::string& directory,
               uint64_t bytes_max = kUnzippedBytesMax);

}  // namespace millstream::functions
