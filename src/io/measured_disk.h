#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/metrics.h"
#include "io/disk.h"

namespace millstream::io {

// Another disk whose writes and syncs are counted: `<prefix>_written_bytes_total` and the histogram
// `<prefix>_sync_seconds`, of syncs that succeeded. Whatever it was given outlives it and its
// files.
class MeasuredDisk final : public Disk {
 public:
  MeasuredDisk(Disk& disk, const Clock& clock, Metrics& metrics, const std::string& prefix);

  Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) override;
  Result<std::vector<std::string>> list(const std::string& directory) override;
  Result<> make_directories(const std::string& path) override;
  Result<> rename(const std::string& from, const std::string& to) override;
  Result<> remove(const std::string& path) override;
  Result<> sync_directory(const std::string& path) override;
  Result<bool> exists(const std::string& path) override;

  // What its files count with.
  struct Figures {
    const Clock& clock;
    Counter& written_bytes;
    Histogram& sync_us;
  };

 private:
  Disk& disk_;
  const Figures figures_;
};

}  // namespace millstream::io
