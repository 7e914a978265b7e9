#pragma once

#include "aws/error.h"

namespace millstream::logs {

// The failures that several operations share, with the service's words.
aws::Error no_such_group();
aws::Error no_such_stream();
aws::Error group_exists();
aws::Error stream_exists();
aws::Error invalid_token();

}  // namespace millstream::logs
