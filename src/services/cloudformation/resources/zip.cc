#include "services/cloudformation/resources/zip.h"

#include <archive.h>
#include <archive_entry.h>

#include <memory>

namespace millstream::cloudformation {
namespace {

// The date that every entry bears, 1980-01-01: the first that a zip archive can tell.
constexpr time_t kEntryTime = 315532800;

la_ssize_t append(archive*, void* out, const void* bytes, size_t size) {
  static_cast<std::string*>(out)->append(static_cast<const char*>(bytes), size);
  return static_cast<la_ssize_t>(size);
}

}  // namespace

Result<std::string> zip_one_file(const std::string& name, std::string_view content) {
  const std::unique_ptr<archive, decltype(&archive_write_free)> writer(archive_write_new(),
                                                                       archive_write_free);
  const std::unique_ptr<archive_entry, decltype(&archive_entry_free)> entry(archive_entry_new(),
                                                                            archive_entry_free);
  std::string bytes;
  archive_entry_set_pathname(entry.get(), name.c_str());
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(content.size()));
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), 0644);
  archive_entry_set_mtime(entry.get(), kEntryTime, 0);
  const bool written =
      archive_write_set_format_zip(writer.get()) == ARCHIVE_OK &&
      archive_write_set_bytes_in_last_block(writer.get(), 1) == ARCHIVE_OK &&
      archive_write_open(writer.get(), &bytes, nullptr, append, nullptr) == ARCHIVE_OK &&
      archive_write_header(writer.get(), entry.get()) == ARCHIVE_OK &&
      archive_write_data(writer.get(), content.data(), content.size()) ==
          static_cast<la_ssize_t>(content.size()) &&
      archive_write_close(writer.get()) == ARCHIVE_OK;
  if (written) return bytes;
  const char* why = archive_error_string(writer.get());
  return Error{ErrorCode::kIo, "cannot make a zip archive of " + name + ": " + (why ? why : "?")};
}

}  // namespace millstream::cloudformation
