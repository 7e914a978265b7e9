#include "server/data_directory.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <optional>
#include <string_view>

#include "io/real_disk.h"
#include "journal/epoch_file.h"
#include "server/tls_identity.h"

namespace millstream::server {

namespace fs = std::filesystem;

namespace {
constexpr const char* kLockName = "LOCK";
constexpr const char* kFormatName = "FORMAT";
constexpr const char* kNewFormatName = "FORMAT.new";

Error disk_error(const std::error_code& code, const std::string& what) {
  return errno_error(code.value(), what);
}

Error unusable(const std::string& directory, const Error& why) {
  return {why.code, "The data directory " + directory + " can't be used: " + why.message + "."};
}

// Only the last part of the path is made here: its parents with what the umask leaves.
Result<> make_directory(const fs::path& path) {
  std::error_code failure;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), failure);
  if (failure) return disk_error(failure, "cannot make " + path.parent_path().string());
  if (mkdir(path.c_str(), 0700) == 0) return {};
  if (errno != EEXIST) return errno_error(errno, "cannot make " + path.string());
  if (fs::is_directory(path, failure)) return {};
  if (failure) return disk_error(failure, "cannot look at " + path.string());
  return Error{ErrorCode::kAlreadyExists, path.string() + " isn't a directory"};
}

Result<UniqueFd> lock_file(const std::string& directory) {
  const std::string path = directory + "/" + kLockName;
  UniqueFd lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock.valid()) return errno_error(errno, "cannot write to " + path);
  struct flock whole = {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  if (fcntl(lock.get(), F_SETLK, &whole) == 0) return lock;
  if (errno == EAGAIN || errno == EACCES) {
    return Error{ErrorCode::kUnavailable, "Another Millstream server uses the data directory " +
                                              directory +
                                              ": stop it, or choose another with --data."};
  }
  return errno_error(errno, "cannot lock " + path);
}

// The number in FORMAT; nothing if there is no such file, kCorruption if no number is in it.
Result<std::optional<int>> read_format(io::Disk& disk, const std::string& path) {
  auto file = disk.open(path, io::OpenMode::kRead);
  if (!file && file.error().code == ErrorCode::kNotFound) return std::optional<int>();
  if (!file) return file.take_error();
  auto bytes = (*file)->read_at(0, 64);
  if (!bytes) return bytes.take_error();
  const std::string_view text(*bytes);
  int format = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), format);
  if (read.ec != std::errc() || text.substr(read.ptr - text.data()) != "\n") {
    return Error{ErrorCode::kCorruption, path + " holds no number"};
  }
  return std::optional(format);
}

Result<> check_format(const std::string& directory) {
  io::RealDisk disk;
  auto format = read_format(disk, directory + "/" + kFormatName);
  if (!format) return unusable(directory, format.error());
  if (!*format) {
    Result<> written = journal::replace_file(disk, directory, kFormatName, kNewFormatName,
                                             std::to_string(DataDirectory::kFormat) + "\n");
    return written ? Result<>() : unusable(directory, written.error());
  }
  if (**format == DataDirectory::kFormat) return {};
  return Error{ErrorCode::kUnsupported,
               "The data directory " + directory + " has format " + std::to_string(**format) +
                   ", and this Millstream knows only format " +
                   std::to_string(DataDirectory::kFormat) +
                   ": use the version that wrote it, or another directory."};
}
}  // namespace

Result<DataDirectory> DataDirectory::open(const std::string& path) {
  std::error_code failure;
  fs::path absolute = fs::absolute(path, failure).lexically_normal();
  if (failure) return disk_error(failure, "cannot find " + path);
  if (!absolute.has_filename()) absolute = absolute.parent_path();
  const std::string directory = absolute.string();
  if (Result<> made = make_directory(absolute); !made) return unusable(directory, made.error());
  auto lock = lock_file(directory);
  if (!lock && lock.error().code == ErrorCode::kUnavailable) return lock.take_error();
  if (!lock) return unusable(directory, lock.error());
  if (Result<> checked = check_format(directory); !checked) return checked.take_error();
  return DataDirectory(directory, lock.take());
}

Result<bool> DataDirectory::is_open_to_others() const {
  struct stat status = {};
  if (stat(path_.c_str(), &status) != 0) return errno_error(errno, "cannot look at " + path_);
  return (status.st_mode & 077) != 0;
}

Result<> DataDirectory::wipe() {
  std::error_code failure;
  for (fs::directory_iterator entry(path_, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    const fs::path name = entry->path().filename();
    if (name == kLockName || name == kFormatName || name == kTlsFileName) continue;
    std::error_code removal;
    fs::remove_all(entry->path(), removal);
    if (removal) return disk_error(removal, "cannot delete " + entry->path().string());
  }
  if (failure) return disk_error(failure, "cannot read " + path_);
  return {};
}

}  // namespace millstream::server
