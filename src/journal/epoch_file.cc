#include "journal/epoch_file.h"

#include <string_view>
#include <utility>

#include "base/coding.h"
#include "base/digest.h"

namespace millstream::journal {
namespace {

constexpr uint64_t kEpochMagic = 0x0032484350454c4d;     // "MLEPCH2\0"
constexpr uint64_t kOldEpochMagic = 0x0031484350454c4d;  // "MLEPCH1\0": without first_segment
constexpr size_t kEpochFileBytes = 32;
constexpr size_t kOldEpochFileBytes = 24;
constexpr const char* kName = "EPOCH";
constexpr const char* kTemporaryName = "EPOCH.new";

std::optional<EpochRecord> decode(std::string_view bytes) {
  if (bytes.size() < kOldEpochFileBytes) return std::nullopt;
  const auto magic = load_little<uint64_t>(bytes.data());
  const bool old = magic == kOldEpochMagic;
  if (!old && magic != kEpochMagic) return std::nullopt;
  if (bytes.size() != (old ? kOldEpochFileBytes : kEpochFileBytes)) return std::nullopt;
  const size_t checksum_at = bytes.size() - sizeof(uint32_t);
  if (load_little<uint32_t>(&bytes[checksum_at]) != crc32c(bytes.substr(0, checksum_at))) {
    return std::nullopt;
  }
  return EpochRecord{load_little<uint32_t>(&bytes[8]), load_little<uint64_t>(&bytes[12]),
                     old ? 0 : load_little<uint64_t>(&bytes[20])};
}

}  // namespace

Result<std::optional<EpochRecord>> read_epoch_file(io::Disk& disk, const std::string& directory) {
  const std::string path = directory + "/" + kName;
  Result<std::unique_ptr<io::File>> file = disk.open(path, io::OpenMode::kRead);
  if (!file && file.error().code == ErrorCode::kNotFound) return std::optional<EpochRecord>();
  if (!file) return file.take_error();
  Result<std::string> bytes = (*file)->read_at(0, kEpochFileBytes);
  if (!bytes) return bytes.take_error();
  const std::optional<EpochRecord> record = decode(*bytes);
  if (!record) return Error{ErrorCode::kCorruption, path + " is damaged"};
  return record;
}

Result<> write_epoch_file(io::Disk& disk, const std::string& directory, const EpochRecord& record) {
  std::string bytes;
  append_little(kEpochMagic, &bytes);
  append_little(record.epoch, &bytes);
  append_little(record.durable_through, &bytes);
  append_little(record.first_segment, &bytes);
  append_little(crc32c(bytes), &bytes);
  return replace_file(disk, directory, kName, kTemporaryName, bytes);
}

Result<> replace_file(io::Disk& disk, const std::string& directory, const std::string& name,
                      const std::string& temporary_name, const std::string& bytes) {
  const std::string temporary = directory + "/" + temporary_name;
  Result<bool> left_over = disk.exists(temporary);
  if (!left_over) return left_over.take_error();
  if (*left_over) {
    if (Result<> removed = disk.remove(temporary); !removed) return removed;
  }
  Result<std::unique_ptr<io::File>> file = disk.open(temporary, io::OpenMode::kCreateNew);
  if (!file) return file.take_error();
  if (Result<> written = (*file)->write_at(0, bytes); !written) return written;
  if (Result<> synced = (*file)->sync(); !synced) return synced;
  if (Result<> named = disk.rename(temporary, directory + "/" + name); !named) return named;
  return disk.sync_directory(directory);
}

}  // namespace millstream::journal
