#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "aws/error.h"
#include "aws/request_context.h"
#include "io/task.h"
#include "services/kinesis/service.h"

namespace millstream::kinesis {

// What a ResourceARN names: one of the two is set.
struct Resource {
  std::shared_ptr<const Stream> stream;
  std::shared_ptr<const Consumer> consumer;
};

// Fails with ResourceNotFoundException if there is none, InvalidArgumentException for a kind of
// resource that isn't built.
aws::Result<Resource> find_resource(Service& service, const aws::RequestContext& context,
                                    const std::string& arn);

// The parts that streams and consumers both have.
struct ResourceParts {
  std::map<std::string, std::string>& tags;
  std::string& policy;
  const std::string& words;  // "stream s under account 000000000000"
};

// Changes one of them, as change_stream and change_consumer do; its status stays.
using ChangeResource = std::function<aws::Result<>(ResourceParts parts)>;
io::Task<aws::Result<>> change_resource(Service& service, const aws::RequestContext& context,
                                        Resource resource, ChangeResource change);

// What is said of one that has no policy.
aws::Error no_resource_policy(std::string_view arn);

}  // namespace millstream::kinesis
