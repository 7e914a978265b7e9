#pragma once

#include <string>
#include <string_view>

#include "aws/rest/binding.h"
#include "aws/service_table.h"

namespace millstream::aws {

// An operation's input and output by the REST-JSON protocol: members in the path, the query string,
// the headers and a JSON body, or one member as the body. What it is given outlives it.
class RestExchange final : public Exchange {
 public:
  // At least kJsonPadding readable bytes follow `body`.
  RestExchange(const ServiceModel& model, const OperationRow& row, RestRequest request,
               std::string_view body)
      : model_(model), row_(row), request_(request), body_(body) {
    response_.status = row.success_status;
  }

  Result<> read(void* input) override;
  void write(const void* output) override;

  // The answer after a success.
  http::Response take_response() { return std::move(response_); }

 private:
  Result<> read_body(void* input, model::MissingMembers* missing);
  Result<> read_payload(void* input, model::MissingMembers* missing);
  void write_payload(const void* output);

  const ServiceModel& model_;
  const OperationRow& row_;
  const RestRequest request_;
  const std::string_view body_;
  http::Response response_;
};

}  // namespace millstream::aws
