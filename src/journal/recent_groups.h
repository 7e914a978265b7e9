#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <shared_mutex>
#include <string>

#include "journal/journal.h"

namespace millstream::journal {

// The newest committed groups, in memory, found by position. Thread-safe.
class RecentGroups {
 public:
  explicit RecentGroups(uint64_t bytes_max) : bytes_max_(bytes_max) {}

  // `group` stands behind all that were added before. Old ones go until all fit into bytes_max.
  void add(CommittedGroup group);
  // The frame whose header stands at `position`; bytes == nullptr if its group isn't here.
  [[nodiscard]] Journal::OwnedFrame find(Position position) const;
  // Forgets a segment's groups: their positions aren't true any more.
  void forget_segment(uint64_t segment);

 private:
  const uint64_t bytes_max_;
  mutable std::shared_mutex mutex_;  // guards all below
  std::deque<CommittedGroup> groups_;
  uint64_t bytes_ = 0;
};

}  // namespace millstream::journal
