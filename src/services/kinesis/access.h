#pragma once

#include <string_view>

#include "aws/error.h"
#include "aws/request_context.h"
#include "services/kinesis/consumer.h"
#include "services/kinesis/stream.h"

namespace millstream::kinesis {

// Whether the caller may do context.action with what belongs to an account: its own principals may
// do everything (no policies of IAM are enforced yet); others may do what can be shared and the
// resource's policy allows. Fails with AccessDeniedException in AWS's words.
// https://docs.aws.amazon.com/streams/latest/dev/resource-based-policy-examples.html
aws::Result<> check_access(const aws::RequestContext& context, const Stream& stream);
aws::Result<> check_access(const aws::RequestContext& context, const Consumer& consumer);

// What another account hears of a resource that isn't there, so that it can't find out.
aws::Error access_denied(const aws::RequestContext& context, std::string_view arn);

}  // namespace millstream::kinesis
