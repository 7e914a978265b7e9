#pragma once

#include <string>

#include "aws/error.h"
#include "aws/request_context.h"
#include "services/functions/catalogue/function.h"
#include "services/lambda/api.gen.h"

namespace millstream::lambda {

// A function as GetFunctionConfiguration and its kin describe it. Its own name and ARN carry no
// qualifier unless one was asked for.
api::FunctionConfiguration describe(const functions::Function& function,
                                    const std::string& qualifier = "");

// What CreateFunction and UpdateFunctionConfiguration have in common, each applied to `function`
// when it is given and refused with AWS's error when it can't be.
aws::Result<> apply_runtime(const std::string& runtime, functions::Function* function);
aws::Result<> apply_handler(const std::string& handler, functions::Function* function);
aws::Result<> apply_memory_size(int32_t megabytes, functions::Function* function);
aws::Result<> apply_timeout(int32_t seconds, functions::Function* function);
aws::Result<> apply_environment(const api::Environment& environment, functions::Function* function);
aws::Result<> apply_ephemeral_storage(const api::EphemeralStorage& storage,
                                      functions::Function* function);
aws::Result<> apply_architectures(const std::vector<std::string>& architectures,
                                  functions::Function* function);

// "2026-11-22T10:15:30.123+0000", as Lambda writes times.
std::string lambda_time(int64_t wall_ms);

}  // namespace millstream::lambda
