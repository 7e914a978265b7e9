#pragma once

#include <functional>
#include <optional>
#include <string>

#include "aws/error.h"
#include "aws/request_context.h"
#include "io/task.h"
#include "services/functions/catalogue/function.h"

namespace millstream::lambda {

class Service;

// Changes a stored function in one transaction and gives it as it is then, with a new revision.
// `revision` is the RevisionId that the caller expects, if any: PreconditionFailedException when it
// is another by now. A package that is no longer named is erased with it.
io::Task<aws::Result<functions::Function>> change_function(
    Service& service, const aws::RequestContext& context, functions::FunctionAddress address,
    std::optional<std::string> revision, std::function<aws::Result<>(functions::Function*)> change);

}  // namespace millstream::lambda
