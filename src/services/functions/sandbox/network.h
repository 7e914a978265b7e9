#pragma once

#include <cstdint>

#include "base/result.h"
#include "base/unique_fd.h"

namespace millstream::functions {

// Brings the loopback interface of this network namespace up; a new namespace has nothing else.
Result<> bring_loopback_up();

struct Listener {
  UniqueFd socket;
  uint16_t port = 0;
};
// A TCP listener on 127.0.0.1 in the calling process's network namespace, non-blocking. Port 0: the
// system chooses. Whoever holds the socket later accepts inside that namespace, wherever it runs.
Result<Listener> listen_on_loopback(uint16_t port);

}  // namespace millstream::functions
