#include "io/real_disk.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/unique_fd.h"
#include "io/direct_write.h"

namespace millstream::io {
namespace {

// Repeats a system call that a signal interrupted.
template <class Call>
auto retried(Call call) {
  decltype(call()) result;
  do {
    result = call();
  } while (result < 0 && errno == EINTR);
  return result;
}

std::vector<iovec> pieces_to_vectors(const std::vector<std::string_view>& pieces) {
  std::vector<iovec> vectors;
  vectors.reserve(pieces.size());
  for (std::string_view piece : pieces) {
    if (!piece.empty()) vectors.push_back({const_cast<char*>(piece.data()), piece.size()});
  }
  return vectors;
}

// Takes `written` bytes off the front of the vectors from `first` on; returns the new first.
size_t advance(std::vector<iovec>& vectors, size_t first, size_t written) {
  while (written > 0) {
    iovec& vector = vectors[first];
    const size_t taken = std::min(written, vector.iov_len);
    vector.iov_base = static_cast<char*>(vector.iov_base) + taken;
    vector.iov_len -= taken;
    written -= taken;
    if (vector.iov_len == 0) ++first;
  }
  return first;
}

class RealFile final : public File {
 public:
  RealFile(UniqueFd fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}

  Result<> write_at(uint64_t offset, std::string_view bytes) override {
    return write_all_at(offset, {bytes});
  }

  Result<> write_all_at(uint64_t offset, const std::vector<std::string_view>& pieces) override {
    if (direct_) {
      if (!write_directly(fd_.get(), offset, pieces)) return failure("write");
      return {};
    }
    std::vector<iovec> vectors = pieces_to_vectors(pieces);
    size_t first = 0;
    while (first < vectors.size()) {
      const int count = static_cast<int>(std::min<size_t>(vectors.size() - first, IOV_MAX));
      const ssize_t written = retried(
          [&] { return ::pwritev(fd_.get(), &vectors[first], count, static_cast<off_t>(offset)); });
      if (written < 0) return failure("write");
      if (written == 0) return Error{ErrorCode::kIo, "cannot write " + path_ + ": nothing written"};
      offset += static_cast<uint64_t>(written);
      first = advance(vectors, first, static_cast<size_t>(written));
    }
    return {};
  }

  Result<std::string> read_at(uint64_t offset, size_t size) override {
    std::string bytes(size, '\0');
    size_t filled = 0;
    while (filled < size) {
      const ssize_t got = retried([&] {
        return ::pread(fd_.get(), bytes.data() + filled, size - filled,
                       static_cast<off_t>(offset + filled));
      });
      if (got < 0) return failure("read");
      if (got == 0) break;
      filled += static_cast<size_t>(got);
    }
    bytes.resize(filled);
    return bytes;
  }

  Result<> sync() override {
    if (retried([&] { return ::fdatasync(fd_.get()); }) < 0) return failure("sync");
    return {};
  }

  Result<> allocate(uint64_t size) override {
    const auto bytes = static_cast<off_t>(size);
    if (retried([&] { return ::fallocate(fd_.get(), 0, 0, bytes); }) == 0) return {};
    if (errno != EOPNOTSUPP) return failure("allocate");
    const int error = ::posix_fallocate(fd_.get(), 0, bytes);  // writes where it must
    if (error != 0) return errno_error(error, "cannot allocate " + path_);
    return {};
  }

  Result<> truncate(uint64_t size) override {
    if (retried([&] { return ::ftruncate(fd_.get(), static_cast<off_t>(size)); }) < 0) {
      return failure("truncate");
    }
    return {};
  }

  Result<uint64_t> size() override {
    struct stat status;
    if (::fstat(fd_.get(), &status) < 0) return failure("stat");
    return static_cast<uint64_t>(status.st_size);
  }

  void write_past_cache() override { direct_ = begin_direct_writes(fd_.get()); }

 private:
  Error failure(const char* what) const {
    return errno_error(errno, std::string("cannot ") + what + " " + path_);
  }

  const UniqueFd fd_;
  const std::string path_;
  bool direct_ = false;
};

int open_flags(OpenMode mode) {
  switch (mode) {
    case OpenMode::kRead:
      return O_RDONLY;
    case OpenMode::kReadWrite:
      return O_RDWR;
    case OpenMode::kCreateNew:
      return O_RDWR | O_CREAT | O_EXCL;
  }
  return O_RDONLY;
}

// Whether `path` still names the directory that is open as `fd`.
bool names(const std::string& path, const UniqueFd& fd) {
  struct stat named;
  struct stat opened;
  return ::stat(path.c_str(), &named) == 0 && ::fstat(fd.get(), &opened) == 0 &&
         named.st_dev == opened.st_dev && named.st_ino == opened.st_ino;
}

Error code_error(const std::error_code& code, const std::string& what_failed) {
  return errno_error(code.value(), what_failed);
}

}  // namespace

Result<std::unique_ptr<File>> RealDisk::open(const std::string& path, OpenMode mode) {
  UniqueFd fd(retried([&] { return ::open(path.c_str(), open_flags(mode) | O_CLOEXEC, 0644); }));
  if (!fd.valid()) return errno_error(errno, "cannot open " + path);
  return std::unique_ptr<File>(std::make_unique<RealFile>(std::move(fd), path));
}

Result<std::vector<std::string>> RealDisk::list(const std::string& directory) {
  std::error_code code;
  std::vector<std::string> names;
  auto entry = std::filesystem::directory_iterator(directory, code);
  while (!code && entry != std::filesystem::directory_iterator()) {
    names.push_back(entry->path().filename().string());
    entry.increment(code);
  }
  if (code) return code_error(code, "cannot list " + directory);
  std::sort(names.begin(), names.end());
  return names;
}

Result<> RealDisk::make_directories(const std::string& path) {
  std::error_code code;
  std::filesystem::create_directories(path, code);
  if (code) return code_error(code, "cannot make directory " + path);
  return {};
}

Result<> RealDisk::rename(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) < 0) {
    return errno_error(errno, "cannot rename " + from + " to " + to);
  }
  return {};
}

Result<> RealDisk::remove(const std::string& path) {
  if (::unlink(path.c_str()) < 0) return errno_error(errno, "cannot remove " + path);
  return {};
}

Result<> RealDisk::sync_directory(const std::string& path) {
  const std::lock_guard lock(directories_mutex_);
  UniqueFd& fd = directories_[path];
  if (!fd.valid() || !names(path, fd)) {
    fd =
        UniqueFd(retried([&] { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
  }
  if (!fd.valid()) return errno_error(errno, "cannot open " + path);
  if (retried([&] { return ::fsync(fd.get()); }) < 0) {
    return errno_error(errno, "cannot sync " + path);
  }
  return {};
}

Result<bool> RealDisk::exists(const std::string& path) {
  std::error_code code;
  const bool there = std::filesystem::exists(path, code);
  if (code) return code_error(code, "cannot look at " + path);
  return there;
}

}  // namespace millstream::io
