#pragma once

#include <memory>

#include "base/result.h"
#include "server/config.h"
#include "server/control.h"

namespace millstream::server {

// Runs the server that `config` describes until a signal stops it: opens the data directory, starts
// the engine, listens, prints the banner to stdout, serves, and ends in order. Returns once
// everything has ended. Fails with the reason why it could not start or went down.
Result<> run_node(const Config& config);

}  // namespace millstream::server
