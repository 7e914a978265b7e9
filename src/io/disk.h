#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace millstream::io {

// What a disk writes whole or not at all.
inline constexpr uint64_t kSectorBytes = 512;

// One open file. All calls block and belong on a thread that may (never on a reactor). Calls on one
// file from several threads are allowed.
class File {
 public:
  virtual ~File() = default;
  // Writes all of `bytes` at `offset` or fails; after a failure any part may have been written.
  virtual Result<> write_at(uint64_t offset, std::string_view bytes) = 0;
  // Like write_at for several pieces, one after the other, in as few system calls as possible.
  virtual Result<> write_all_at(uint64_t offset, const std::vector<std::string_view>& pieces) = 0;
  // Reads up to `size` bytes; fewer only at the end of the file.
  virtual Result<std::string> read_at(uint64_t offset, size_t size) = 0;
  // Returns once everything written before is on stable storage (fdatasync). After a failure
  // nothing may be assumed about what was written since the last success, ever again.
  virtual Result<> sync() = 0;
  // Gives the file at least `size` bytes, new ones zero, with their blocks allocated.
  virtual Result<> allocate(uint64_t size) = 0;
  virtual Result<> truncate(uint64_t size) = 0;
  virtual Result<uint64_t> size() = 0;
  // From now on, where the file system can, writes go straight to the disk and leave nothing in the
  // system's page cache. Afterwards every write is of whole sectors of kSectorBytes, and nothing is
  // read through this File. Before other threads use it.
  virtual void write_past_cache() = 0;
};

enum class OpenMode { kRead, kReadWrite, kCreateNew };

// A disk: the real one, or a fake that loses, tears and refuses. Given to constructors.
// Thread-safe. Paths are plain file-system paths. Names become durable with sync_directory.
class Disk {
 public:
  virtual ~Disk() = default;
  virtual Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) = 0;
  virtual Result<std::vector<std::string>> list(const std::string& directory) = 0;  // names, sorted
  virtual Result<> make_directories(const std::string& path) = 0;
  virtual Result<> rename(const std::string& from, const std::string& to) = 0;
  virtual Result<> remove(const std::string& path) = 0;
  virtual Result<> sync_directory(const std::string& path) = 0;
  virtual Result<bool> exists(const std::string& path) = 0;
};

}  // namespace millstream::io
