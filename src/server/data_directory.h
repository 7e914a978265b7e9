#pragma once

#include <string>

#include "base/result.h"
#include "base/unique_fd.h"

namespace millstream::server {

// The server's data directory, locked for this process as long as the object lives. The lock is a
// record lock (fcntl) on data/LOCK: the kernel gives it back whatever way the process ends, and a
// child that was about to begin a function has no part in it, as it would in an flock. Nothing else in
// the process may open the file: closing it would end the lock. data/FORMAT says which format
// everything in it has (docs/formats/data-directory.md).
class DataDirectory {
 public:
  static constexpr int kFormat = 1;

  // Makes the directory, readable by this user alone, if it isn't there. Fails with one sentence
  // for people: kUnavailable when another server has it, kUnsupported when it has another format,
  // otherwise with what the operating system said (it can't be written, it isn't a directory).
  static Result<DataDirectory> open(const std::string& path);

  [[nodiscard]] const std::string& path() const { return path_; }  // absolute
  // Whether other users of this machine may look into it.
  [[nodiscard]] Result<bool> is_open_to_others() const;
  // Deletes everything in it but the lock, the format and the server's own certificate. Nobody may have files open by name in it.
  // After a failure some of it may be left.
  Result<> wipe();

 private:
  DataDirectory(std::string path, UniqueFd lock) : path_(std::move(path)), lock_(std::move(lock)) {}
  std::string path_;
  UniqueFd lock_;
};

}  // namespace millstream::server
