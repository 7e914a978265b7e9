#include "services/functions/code/zip.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/unique_fd.h"

namespace millstream::functions {
namespace {

struct Release {
  void operator()(archive* reader) const { archive_read_free(reader); }
};
using Reader = std::unique_ptr<archive, Release>;

Error malformed(const std::string& why) {
  return {ErrorCode::kInvalidArgument, why};
}

// A relative path without "." and "..", or nothing if the entry would stand elsewhere.
std::optional<std::string> safe_path(std::string_view path) {
  if (path.empty() || path.front() == '/' || path.find('\\') != std::string_view::npos ||
      path.find('\0') != std::string_view::npos) {
    return std::nullopt;
  }
  std::string safe;
  while (!path.empty()) {
    const size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    if (part.empty() || part == ".") continue;
    if (part == ".." || part.size() > 255) return std::nullopt;
    if (!safe.empty()) safe += '/';
    safe += part;
  }
  return safe;
}

// Writes entries below one directory. Nothing in it is a link while files are written.
class Unpacker {
 public:
  Unpacker(std::string root, uint64_t bytes_max) : root_(std::move(root)), bytes_max_(bytes_max) {}

  Result<> add(archive* reader, archive_entry* entry) {
    const char* name = archive_entry_pathname_utf8(entry);
    if (!name) name = archive_entry_pathname(entry);
    const auto path = safe_path(name ? name : "");
    if (!path) return malformed("an entry's path leads out of the package");
    if (path->empty()) return {};
    if (archive_entry_filetype(entry) == AE_IFDIR) return make_directory(*path);
    const size_t slash = path->rfind('/');
    if (slash != std::string::npos) {
      if (auto made = make_directory(path->substr(0, slash)); !made) return made;
    }
    if (archive_entry_filetype(entry) == AE_IFLNK) {
      const char* target = archive_entry_symlink(entry);
      if (target) links_.emplace_back(*path, target);
      return {};
    }
    return write_file(reader, *path, (archive_entry_perm(entry) & 0111) != 0);
  }

  Result<> make_links() {
    for (const auto& [path, target] : links_) {
      if (symlink(target.c_str(), (root_ + "/" + path).c_str()) != 0 && errno != EEXIST) {
        return errno_error(errno, "cannot make the link " + path);
      }
    }
    return {};
  }

 private:
  Result<> make_directory(const std::string& path) {
    for (size_t slash = path.find('/');; slash = path.find('/', slash + 1)) {
      const std::string directory = root_ + "/" + path.substr(0, slash);
      if (mkdir(directory.c_str(), 0755) == 0) {
        chmod(directory.c_str(), 0755);
      } else if (errno != EEXIST) {
        return errno_error(errno, "cannot make the directory " + path);
      }
      if (slash == std::string::npos) return {};
    }
  }

  Result<> write_file(archive* reader, const std::string& path, bool executable) {
    const std::string full = root_ + "/" + path;
    const UniqueFd file(
        open(full.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file.valid()) return errno_error(errno, "cannot make the file " + path);
    for (;;) {
      const void* bytes = nullptr;
      size_t size = 0;
      la_int64_t offset = 0;
      const int result = archive_read_data_block(reader, &bytes, &size, &offset);
      if (result == ARCHIVE_EOF) break;
      if (result != ARCHIVE_OK) return malformed("an entry can't be unpacked");
      total_ += size;
      if (total_ > bytes_max_) return Error{ErrorCode::kNoSpace, "too much when unpacked"};
      if (pwrite(file.get(), bytes, size, offset) != static_cast<ssize_t>(size)) {
        // Not the package's fault, as kNoSpace would be.
        return Error{ErrorCode::kIo, errno_error(errno, "cannot write the file " + path).message};
      }
    }
    if (fchmod(file.get(), executable ? 0755 : 0644) != 0) {
      return errno_error(errno, "cannot set the mode of " + path);
    }
    return {};
  }

  const std::string root_;
  const uint64_t bytes_max_;
  uint64_t total_ = 0;
  std::vector<std::pair<std::string, std::string>> links_;
};

}  // namespace

Result<> unzip(std::string_view zip, const std::string& directory, uint64_t bytes_max) {
  const Reader reader(archive_read_new());
  if (!reader) return Error{ErrorCode::kIo, "cannot read zips"};
  archive_read_support_format_zip_seekable(reader.get());
  if (archive_read_open_memory(reader.get(), zip.data(), zip.size()) != ARCHIVE_OK) {
    return malformed("it isn't a zip");
  }
  Unpacker unpacker(directory, bytes_max);
  size_t entries = 0;
  for (;;) {
    archive_entry* entry = nullptr;
    const int result = archive_read_next_header(reader.get(), &entry);
    if (result == ARCHIVE_EOF) break;
    if (result != ARCHIVE_OK && result != ARCHIVE_WARN) return malformed("it isn't a whole zip");
    if (++entries > kZipEntriesMax) return malformed("it has too many entries");
    if (auto added = unpacker.add(reader.get(), entry); !added) return added;
  }
  if (entries == 0) return malformed("it is empty");
  return unpacker.make_links();
}

}  // namespace millstream::functions
