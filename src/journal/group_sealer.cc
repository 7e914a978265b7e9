#include "journal/group_sealer.h"

#include <utility>

#include "base/check.h"

namespace millstream::journal {

std::string GroupSealer::seal(Group group, GroupHeader header, uint32_t mask) {
  CHECK(group.open_frame_ == 0);
  std::string bytes = std::move(group.bytes_);
  header.frame_bytes = static_cast<uint32_t>(bytes.size() - kGroupHeaderBytes);
  header.frame_count = group.frame_count_;
  for (size_t at = kGroupHeaderBytes; at < bytes.size();) {
    remask_frame(mask, &bytes[at]);
    at += kFrameHeaderBytes + frame_payload_bytes({&bytes[at], kFrameHeaderBytes});
  }
  encode_group_header(header, mask, bytes.data());
  return bytes;
}

}  // namespace millstream::journal
