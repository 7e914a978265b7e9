#pragma once

#include <string>

#include "journal/format.h"

namespace millstream::journal {

// Turns a collected group into the bytes that stand in a segment.
class GroupSealer {
 public:
  // Fills in `header`'s frame count and length, writes it in front of the frames and binds every
  // checksum to the segment with `mask`. Takes the group's buffer; nothing is copied.
  static std::string seal(Group group, GroupHeader header, uint32_t mask);

  // Calls `visit` with the lane and number of each frame of a group that isn't sealed.
  template <class Visit>
  static void visit_frames(const Group& group, Visit visit) {
    std::string_view rest(group.bytes_);
    rest.remove_prefix(kGroupHeaderBytes);
    while (std::optional<FrameView> frame = decode_frame_unchecked(rest)) {
      visit(frame->lane, frame->number);
      rest.remove_prefix(kFrameHeaderBytes + frame->payload.size());
    }
  }
};

}  // namespace millstream::journal
