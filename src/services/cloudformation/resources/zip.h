#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace millstream::cloudformation {

// A zip archive that holds one file, readable by all: what inline function code becomes. The same
// input gives the same bytes.
Result<std::string> zip_one_file(const std::string& name, std::string_view content);

}  // namespace millstream::cloudformation
