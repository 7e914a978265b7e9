#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "aws/json/exchange.h"
#include "aws/service_registry.h"

namespace millstream::aws::testing {

// What the generated codec reads from an operation's JSON body; nothing if it refuses it. The oracle
// of hand-tuned readers.
template <class Input>
std::optional<Input> generated_input(const ServiceTable& table, std::string_view operation,
                                     const std::string& body) {
  std::string storage;
  const OperationRow& row = *find_operation(*table.model, operation);
  JsonExchange exchange(*table.model, row, padded_json(body, &storage), false);
  Input input;
  if (!exchange.read(&input)) return std::nullopt;
  return input;
}

}  // namespace millstream::aws::testing
