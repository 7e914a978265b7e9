#pragma once

#include <optional>
#include <string>
#include <vector>

#include "services/functions/runtimes/runtime_catalog.h"

namespace millstream::functions {

// Asks a program what it is by running it for a moment; nothing if it isn't an interpreter that we
// know or doesn't answer within 10 seconds. Blocks.
std::optional<Interpreter> probe_interpreter(const std::string& program);

}  // namespace millstream::functions
