#pragma once

#include <cstddef>

#include "sim/simulation.h"

namespace millstream::sim {

// Cuts steps out of a history that fails, as long as it goes on to fail in the same check, and
// gives the shortest that was found with at most `runs_max` simulations.
History shrink(const History& history, const Finding& finding, size_t runs_max);

}  // namespace millstream::sim
