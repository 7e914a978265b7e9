#include "journal/recent_groups.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "journal/format.h"

namespace millstream::journal {

void RecentGroups::add(CommittedGroup group) {
  std::deque<CommittedGroup> dropped;  // freed after the lock
  std::lock_guard lock(mutex_);
  bytes_ += group.bytes->capacity();
  groups_.push_back(std::move(group));
  while (bytes_ > bytes_max_ && !groups_.empty()) {
    bytes_ -= groups_.front().bytes->capacity();
    dropped.push_back(std::move(groups_.front()));
    groups_.pop_front();
  }
}

Journal::OwnedFrame RecentGroups::find(Position position) const {
  std::shared_ptr<const std::string> bytes;
  uint32_t inside = 0;
  {
    std::shared_lock lock(mutex_);
    const auto after = std::upper_bound(
        groups_.begin(), groups_.end(), position,
        [](Position wanted, const CommittedGroup& group) { return wanted < group.base; });
    if (after == groups_.begin()) return {};
    const CommittedGroup& group = *std::prev(after);
    if (group.base.segment != position.segment) return {};
    inside = position.offset - group.base.offset;
    if (inside >= group.bytes->size()) return {};
    bytes = group.bytes;
  }
  std::optional<FrameView> frame = decode_frame_unchecked(std::string_view(*bytes).substr(inside));
  if (!frame) return {};
  frame->position = position;
  return {std::move(bytes), *frame};
}

void RecentGroups::forget_segment(uint64_t segment) {
  std::lock_guard lock(mutex_);
  std::erase_if(groups_, [&](const CommittedGroup& group) {
    if (group.base.segment != segment) return false;
    bytes_ -= group.bytes->capacity();
    return true;
  });
}

}  // namespace millstream::journal
