#pragma once

#include <string>
#include <string_view>

#include "aws/query/parameters.h"
#include "aws/service_table.h"

namespace millstream::aws {

// An operation's input and output by the AWS Query protocol: parameters in, XML out. What it is
// given outlives it.
class QueryExchange final : public Exchange {
 public:
  QueryExchange(const ServiceModel& model, const OperationRow& row, const ParameterTree& parameters,
                std::string_view request_id)
      : model_(model), row_(row), parameters_(parameters), request_id_(request_id) {}

  Result<> read(void* input) override;
  void write(const void* output) override;

  // The answer's body after a success.
  std::string take_output() { return std::move(output_); }

 private:
  const ServiceModel& model_;
  const OperationRow& row_;
  const ParameterTree& parameters_;
  const std::string_view request_id_;
  std::string output_;
};

}  // namespace millstream::aws
