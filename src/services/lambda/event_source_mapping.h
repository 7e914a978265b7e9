#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "aws/error.h"
#include "aws/request_context.h"
#include "services/lambda/api.gen.h"
#include "services/triggers/engine.h"

// What the operations on event source mappings share.
namespace millstream::lambda {

class Service;

// Where a request's FunctionName leads.
struct TriggeredFunction {
  std::string name;
  std::string arn;  // with the qualifier that was asked for
};
// ResourceNotFoundException if there is no such function.
aws::Result<TriggeredFunction> find_triggered_function(Service& service,
                                                       const aws::RequestContext& context,
                                                       std::string_view name);
// For a mapping that is made or changed: InvalidParameterValueException instead, as on AWS.
aws::Result<TriggeredFunction> find_new_triggered_function(Service& service,
                                                           const aws::RequestContext& context,
                                                           std::string_view name);

// Refuses, by name, the settings that Create and Update share and that Millstream doesn't have.
// Values that ask for nothing (an empty list, a factor of 1) pass.
template <class Request>
aws::Result<> refuse_unsupported_settings(const Request& request);
extern template aws::Result<> refuse_unsupported_settings(
    const api::CreateEventSourceMappingRequest&);
extern template aws::Result<> refuse_unsupported_settings(
    const api::UpdateEventSourceMappingRequest&);

// Limits that the service model doesn't have.
aws::Result<> check_settings(const triggers::Mapping& mapping);

api::EventSourceMappingConfiguration describe(const triggers::Mapping& mapping, std::string state,
                                              triggers::ProcessingResult last_result);
api::EventSourceMappingConfiguration describe(const triggers::ActiveMapping& mapping);

// ResourceConflictException: `mapping` exists between the two already.
aws::Error already_exists(const triggers::Mapping& mapping);
aws::Error no_such_mapping();

}  // namespace millstream::lambda
