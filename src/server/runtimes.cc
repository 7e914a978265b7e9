#include "server/runtimes.h"

#include <fmt/format.h>

#include "services/functions/functions.h"

namespace millstream::server {

void print_runtimes() {
  functions::RuntimeCatalog catalog(functions::default_functions_options().runtimes);
  fmt::print("Found:\n");
  for (const functions::Interpreter& interpreter : catalog.interpreters()) {
    const bool python = interpreter.family == functions::RuntimeFamily::kPython;
    fmt::print("  {} {} {}\n", python ? "Python " : "Node.js", interpreter.version,
               interpreter.program);
  }
  fmt::print("\n{:<14} runs on\n", "Runtime");
  for (const functions::RuntimeMapping& mapping : catalog.list()) {
    std::string text = "nothing: this host has no such language";
    if (mapping.interpreter) {
      text = fmt::format("{} ({}){}", mapping.interpreter->version, mapping.interpreter->program,
                         mapping.exact ? "" : ", the nearest there is");
    }
    fmt::print("{:<14} {}\n", mapping.name.identifier, text);
  }
}

}  // namespace millstream::server
