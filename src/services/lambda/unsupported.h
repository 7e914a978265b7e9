#pragma once

#include "aws/error.h"
#include "services/lambda/api.gen.h"

namespace millstream::lambda {

// Refuses by name what Millstream hasn't built, unless it is empty or says the default.
aws::Result<> refuse_unsupported(const api::CreateFunctionRequest& input);
aws::Result<> refuse_unsupported(const api::UpdateFunctionConfigurationRequest& input);
aws::Result<> refuse_unsupported(const api::UpdateFunctionCodeRequest& input);

}  // namespace millstream::lambda
