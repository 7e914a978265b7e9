#include <utility>

#include "base/check.h"
#include "journal/format.h"
#include "journal/journal.h"

namespace millstream::journal {

Group::Group(std::string buffer) : bytes_(std::move(buffer)) {
  bytes_.assign(kGroupHeaderBytes, '\0');
}

void Group::begin_frame(LaneId lane, uint32_t epoch, uint64_t number) {
  CHECK(open_frame_ == 0);
  open_frame_ = bytes_.size();
  open_lane_ = lane;
  open_epoch_ = epoch;
  open_number_ = number;
  bytes_.append(kFrameHeaderBytes, '\0');
}

size_t Group::payload_start() const {
  CHECK(open_frame_ != 0);
  return open_frame_ + kFrameHeaderBytes;
}

void Group::end_frame() {
  const size_t start = payload_start();
  CHECK(bytes_.size() >= start && bytes_.size() <= UINT32_MAX);
  encode_frame_header(open_lane_, open_epoch_, open_number_, bytes_.size() - start,
                      &bytes_[open_frame_]);
  open_frame_ = 0;
  ++frame_count_;
}

void Group::cancel_frame() {
  CHECK(open_frame_ != 0);
  bytes_.resize(open_frame_);
  open_frame_ = 0;
}

}  // namespace millstream::journal
