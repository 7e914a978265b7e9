#pragma once

#include <memory>

#include "http/message.h"

namespace millstream::functions {

class Environment;

// Lambda's Runtime API, version 2018-06-01, for one environment: GET runtime/invocation/next, POST
// runtime/invocation/<id>/response and /error, POST runtime/init/error. The handler keeps the
// environment alive while a request runs.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
http::Handler runtime_api_handler(std::weak_ptr<Environment> environment);

}  // namespace millstream::functions
