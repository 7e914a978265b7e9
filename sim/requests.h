#pragma once

#include "sim/history.h"
#include "sim/world.h"

namespace millstream::sim {

// What clients do in a step: draws whom it is about and begins it. Nothing happens when there is
// nobody to do it with, or when too much is under way.
void begin_client_step(World& world, Node& node, const Step& step);

// The table of the functions' rows, which is there from the beginning.
void begin_rows_table(World& world, Node& node);

}  // namespace millstream::sim
