#pragma once

#include <string_view>

#include "aws/error.h"
#include "aws/service_table.h"
#include "http/message.h"

namespace millstream::aws {

// The one place where an error becomes an answer: its body, status and headers in the protocol of
// the request. `model` is nullptr when the service isn't known; then the names carry no prefix.
//
//   JSON       {"__type":"<prefix>ResourceNotFoundException","message":"..."}
//   CBOR       the same two members as a map
//   REST-JSON  x-amzn-ErrorType: ResourceNotFoundException, {"Type":"User","Message":"..."}
//   Query      <ErrorResponse><Error><Type>Sender</Type><Code>NoSuchEntity</Code>...
http::Response error_response(const Error& error, Protocol protocol, const ServiceModel* model,
                              std::string_view request_id);

// Adds the headers that an answer in CBOR carries, be it an output or an error.
void add_cbor_headers(Protocol protocol, const ServiceModel* model, http::Response* response);

// Adds the headers that every answer carries: x-amzn-RequestId and what the service adds to it.
void add_answer_headers(const ServiceModel* model, std::string_view request_id,
                        http::Response* response);

}  // namespace millstream::aws
