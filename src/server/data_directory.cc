#include "server/data_directory.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <filesystem>

namespace millstream::server {

namespace fs = std::filesystem;

namespace {
constexpr const char* kLockName = "LOCK";

Error disk_error(const std::error_code& code, const std::string& what) {
  return errno_error(code.value(), what);
}
}  // namespace

Result<DataDirectory> DataDirectory::open(const std::string& path) {
  std::error_code failure;
  const fs::path absolute = fs::absolute(path, failure).lexically_normal();
  if (failure) return disk_error(failure, "cannot find " + path);
  fs::create_directories(absolute, failure);
  if (failure) return disk_error(failure, "cannot make " + absolute.string());
  const std::string lock_path = (absolute / kLockName).string();
  UniqueFd lock(::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock.valid()) return errno_error(errno, "cannot open " + lock_path);
  if (flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return errno_error(errno, "cannot lock " + lock_path);
    return Error{ErrorCode::kUnavailable, "Another Millstream server uses the data directory " +
                                              absolute.string() +
                                              ": stop it, or choose another with --data."};
  }
  return DataDirectory(absolute.string(), std::move(lock));
}

Result<> DataDirectory::wipe() {
  std::error_code failure;
  for (fs::directory_iterator entry(path_, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    if (entry->path().filename() == kLockName) continue;
    std::error_code removal;
    fs::remove_all(entry->path(), removal);
    if (removal) return disk_error(removal, "cannot delete " + entry->path().string());
  }
  if (failure) return disk_error(failure, "cannot read " + path_);
  return {};
}

}  // namespace millstream::server
