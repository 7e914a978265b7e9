#pragma once

#include <cstddef>
#include <cstdint>

#include "base/clock.h"

namespace millstream::http {

// Tells a peer that wants to wear the server out from one that works: frames that carry little
// (PING, SETTINGS, PRIORITY, WINDOW_UPDATE, empty DATA and HEADERS) cost it nothing
// and us some work and an answer each (CVE-2019-9511 to 9518). So there is an allowance of frames,
// which requests, content and time add to.
class Http2Flood {
 public:
  explicit Http2Flood(const Clock& clock) : clock_(clock), begun_us_(clock.monotonic_us()) {}

  // What a peer may send at once, for each request, for so much content both ways, and a second.
  static constexpr uint64_t kFrames = 10'000;
  static constexpr uint64_t kFramesPerRequest = 16;
  static constexpr uint64_t kBytesPerFrame = 512;
  static constexpr uint64_t kFramesPerSecond = 200;

  void request_begun() { allowance_ += kFramesPerRequest; }
  void moved(size_t bytes) { bytes_ += bytes; }
  // One more frame came; false if it is one too many.
  [[nodiscard]] bool take_frame() {
    const uint64_t earned = allowance_ + bytes_ / kBytesPerFrame;
    if (++frames_ <= earned) return true;
    const auto seconds = static_cast<uint64_t>(clock_.monotonic_us() - begun_us_) / 1'000'000;
    return frames_ <= earned + seconds * kFramesPerSecond;
  }

 private:
  const Clock& clock_;
  const int64_t begun_us_;
  uint64_t allowance_ = kFrames;
  uint64_t bytes_ = 0;
  uint64_t frames_ = 0;
};

}  // namespace millstream::http
