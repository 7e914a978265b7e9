#pragma once

#include <string>
#include <string_view>

#include "aws/cbor/reader.h"
#include "aws/service_table.h"

namespace millstream::aws {

// An operation's input and output as one CBOR map each. What it is given outlives it.
class CborExchange final : public Exchange {
 public:
  CborExchange(const ServiceModel& model, const OperationRow& row, std::string_view body,
               CborTime time)
      : model_(model), row_(row), body_(body), time_(time) {}

  Result<> read(void* input) override;
  void write(const void* output) override;

  // The answer's body after a success: empty when the operation has no output.
  std::string take_output() { return std::move(output_); }

 private:
  const ServiceModel& model_;
  const OperationRow& row_;
  const std::string_view body_;
  const CborTime time_;
  std::string output_;
};

}  // namespace millstream::aws
