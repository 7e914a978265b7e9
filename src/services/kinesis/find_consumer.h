#pragma once

#include <memory>
#include <optional>
#include <string>

#include "aws/error.h"
#include "aws/request_context.h"
#include "services/kinesis/service.h"

namespace millstream::kinesis {

// The consumer that a request names by its ARN, by its stream's ARN and its name, or by all three
// as long as they agree. Fails with InvalidArgumentException when they name none or disagree, and
// with ResourceNotFoundException.
aws::Result<std::shared_ptr<const Consumer>> find_named_consumer(
    Service& service, const aws::RequestContext& context,
    const std::optional<std::string>& stream_arn, const std::optional<std::string>& name,
    const std::optional<std::string>& consumer_arn);

}  // namespace millstream::kinesis
