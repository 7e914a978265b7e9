#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/unique_fd.h"
#include "io/disk.h"

namespace millstream::io {

// The operating system's files. Interrupted and short calls are continued; every other failure is
// returned with the path in its message.
//
// A directory that was synced stays open, so that the next sync of it needs no descriptor: a log
// can't be half way into a new segment when there are none.
class RealDisk final : public Disk {
 public:
  Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) override;
  Result<std::vector<std::string>> list(const std::string& directory) override;
  Result<> make_directories(const std::string& path) override;
  Result<> rename(const std::string& from, const std::string& to) override;
  Result<> remove(const std::string& path) override;
  Result<> sync_directory(const std::string& path) override;
  Result<bool> exists(const std::string& path) override;

 private:
  std::mutex directories_mutex_;
  std::map<std::string, UniqueFd> directories_;  // by path; guarded by directories_mutex_
};

}  // namespace millstream::io
