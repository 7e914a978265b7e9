#pragma once

#include <string>

#include "aws/error.h"
#include "aws/request_context.h"
#include "io/task.h"
#include "services/functions/catalogue/function.h"

namespace millstream::lambda {

class Service;

// Checks an uploaded zip, unpacks and stores it, and sets `function`'s code to it. `operation` is
// for the message about its size. After a failure nothing of it remains.
io::Task<aws::Result<>> add_package(Service& service, const aws::RequestContext& context,
                                    std::string operation, std::string zip,
                                    functions::Function* function);

// Erases a package that was added but never named by a function's document.
io::Task<> drop_package(Service& service, const aws::RequestContext& context,
                        functions::Function function);

// Sets the code's size and digest: all that DryRun does.
void measure_package(const std::string& zip, functions::Function* function);

}  // namespace millstream::lambda
