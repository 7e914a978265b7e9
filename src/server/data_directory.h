#pragma once

#include <string>

#include "base/result.h"
#include "base/unique_fd.h"

namespace millstream::server {

// The server's data directory, locked for this process as long as the object lives. The lock is
// flock on data/LOCK: the kernel gives it back whatever way the process ends.
class DataDirectory {
 public:
  // Makes the directory if it isn't there. Fails with kUnavailable when another server has it.
  static Result<DataDirectory> open(const std::string& path);

  [[nodiscard]] const std::string& path() const { return path_; }  // absolute
  // Deletes everything in it but the lock. Nobody may have files open by name in it. After a
  // failure some of it may be left.
  Result<> wipe();

 private:
  DataDirectory(std::string path, UniqueFd lock) : path_(std::move(path)), lock_(std::move(lock)) {}
  std::string path_;
  UniqueFd lock_;
};

}  // namespace millstream::server
