#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "aws/error.h"
#include "aws/request_context.h"
#include "services/functions/catalogue/function.h"

namespace millstream::lambda {

class Service;

// The function that a request names: by its name ("f"), a partial ARN ("123456789012:function:f")
// or a full one, each perhaps with a qualifier behind it ("f:$LATEST").
struct FunctionReference {
  functions::FunctionAddress address;
  std::string qualifier;  // "" or what was given
};

// Reads a name that has passed the model's pattern. A region or account in it must be the caller's:
// otherwise, as on AWS, the function isn't found there (InvalidParameterValueException for a
// region).
aws::Result<FunctionReference> read_function_name(const aws::RequestContext& context,
                                                  std::string_view name,
                                                  const std::optional<std::string>& qualifier);

// The function itself; ResourceNotFoundException if it isn't there, or if the qualifier names a
// version or alias, which there are none of: only $LATEST exists.
aws::Result<std::shared_ptr<const functions::Function>> find_function(
    Service& service, const aws::RequestContext& context, std::string_view name,
    const std::optional<std::string>& qualifier = std::nullopt);

aws::Error function_not_found(const functions::FunctionAddress& address,
                              std::string_view qualifier = {});

}  // namespace millstream::lambda
