#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/metrics.h"
#include "io/forwarding_disk.h"

namespace millstream::io {

// Another disk whose writes and syncs are counted: `<prefix>_written_bytes_total` and the histogram
// `<prefix>_sync_seconds`, of syncs that succeeded. Whatever it was given outlives it and its
// files.
class MeasuredDisk final : public ForwardingDisk {
 public:
  MeasuredDisk(Disk& disk, const Clock& clock, Metrics& metrics, const std::string& prefix);

  Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) override;

  // What its files count with.
  struct Figures {
    const Clock& clock;
    Counter& written_bytes;
    Histogram& sync_us;
  };

 private:
  const Figures figures_;
};

}  // namespace millstream::io
