#pragma once

#include <string>
#include <string_view>

#include "aws/json/reader.h"
#include "aws/service_table.h"

namespace millstream::aws {

// An operation's input and output as one JSON object each: JSON 1.0 and 1.1, and Gateway's calls.
// What it is given outlives it.
class JsonExchange final : public Exchange {
 public:
  // At least kJsonPadding readable bytes follow `body`.
  JsonExchange(const ServiceModel& model, const OperationRow& row, std::string_view body,
               bool model_names)
      : model_(model), row_(row), body_(body), model_names_(model_names) {}

  Result<> read(void* input) override;
  void write(const void* output) override;

  // The answer's body after a success: empty when the operation has no output.
  std::string take_output() { return std::move(output_); }

 private:
  const ServiceModel& model_;
  const OperationRow& row_;
  const std::string_view body_;
  const bool model_names_;
  std::string output_;
};

// Runs the operation on the JSON object `body`, behind which at least kJsonPadding readable bytes
// follow, and returns the answer's body: by its hand-tuned entry if that takes this form of a body,
// else by the generated one. `model_names` as for JsonExchange.
io::Task<Result<std::string>> run_json_operation(const ServiceTable& table, const OperationRow& row,
                                                 const RequestContext& context,
                                                 std::string_view body, bool model_names);

// `text` if enough readable bytes follow it, else a copy in `storage` that has them.
std::string_view padded_json(const std::string& text, std::string* storage);

}  // namespace millstream::aws
