#include "sim/shrink.h"

#include <algorithm>
#include <utility>

namespace millstream::sim {
namespace {

bool still_fails(const History& history, const Finding& finding) {
  const SimulationOutcome outcome = simulate(history);
  return outcome.finding && outcome.finding->check == finding.check;
}

}  // namespace

// Half of the steps at a time, then a quarter, down to single ones; from behind, for what comes
// after the failure is never needed.
History shrink(const History& history, const Finding& finding, size_t runs_max) {
  History shortest = history;
  size_t chunk = std::max<size_t>(1, history.kept.size() / 2);
  size_t runs = 0;
  for (;;) {
    bool was_cut = false;
    for (size_t end = shortest.kept.size(); end > 0 && runs < runs_max; ++runs) {
      const size_t begin = end - std::min(end, chunk);
      History shorter = shortest;
      shorter.kept.erase(shorter.kept.begin() + static_cast<ptrdiff_t>(begin),
                         shorter.kept.begin() + static_cast<ptrdiff_t>(end));
      if (still_fails(shorter, finding)) {
        shortest = std::move(shorter);
        was_cut = true;
      }
      end = begin;
    }
    if (runs >= runs_max || (chunk == 1 && !was_cut)) return shortest;
    chunk = std::max<size_t>(1, chunk / 2);
  }
}

}  // namespace millstream::sim
