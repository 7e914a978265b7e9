#pragma once

#include <memory>
#include <string>
#include <vector>

#include "io/disk.h"

namespace millstream::io {

// The operating system's files. Interrupted and short calls are continued; every other failure is
// returned with the path in its message. Holds no state.
class RealDisk final : public Disk {
 public:
  Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) override;
  Result<std::vector<std::string>> list(const std::string& directory) override;
  Result<> make_directories(const std::string& path) override;
  Result<> rename(const std::string& from, const std::string& to) override;
  Result<> remove(const std::string& path) override;
  Result<> sync_directory(const std::string& path) override;
  Result<bool> exists(const std::string& path) override;
};

}  // namespace millstream::io
