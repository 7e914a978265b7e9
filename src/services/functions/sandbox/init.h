#pragma once

#include "services/functions/sandbox/spec.h"

namespace millstream::functions {

// The first process of a sandbox: finishes its making, starts the program, and stays to collect
// what dies inside, until the program ends or the server does. Whatever is left inside dies with
// it. Tells problems and the program's end on the channel; returns the exit status.
int run_init(const SandboxSpec& spec);

}  // namespace millstream::functions
