#include "io/measured_disk.h"

namespace millstream::io {
namespace {

class MeasuredFile final : public File {
 public:
  MeasuredFile(std::unique_ptr<File> file, const MeasuredDisk::Figures& figures)
      : file_(std::move(file)), figures_(figures) {}

  Result<> write_at(uint64_t offset, std::string_view bytes) override {
    Result<> written = file_->write_at(offset, bytes);
    if (written) figures_.written_bytes.add(static_cast<int64_t>(bytes.size()));
    return written;
  }
  Result<> write_all_at(uint64_t offset, const std::vector<std::string_view>& pieces) override {
    Result<> written = file_->write_all_at(offset, pieces);
    if (!written) return written;
    size_t bytes = 0;
    for (const std::string_view piece : pieces) bytes += piece.size();
    figures_.written_bytes.add(static_cast<int64_t>(bytes));
    return written;
  }
  Result<std::string> read_at(uint64_t offset, size_t size) override {
    return file_->read_at(offset, size);
  }
  Result<> sync() override {
    const int64_t started_us = figures_.clock.monotonic_us();
    Result<> synced = file_->sync();
    if (synced) figures_.sync_us.record(figures_.clock.monotonic_us() - started_us);
    return synced;
  }
  Result<> allocate(uint64_t size) override { return file_->allocate(size); }
  Result<> truncate(uint64_t size) override { return file_->truncate(size); }
  Result<uint64_t> size() override { return file_->size(); }

 private:
  const std::unique_ptr<File> file_;
  const MeasuredDisk::Figures& figures_;
};

}  // namespace

MeasuredDisk::MeasuredDisk(Disk& disk, const Clock& clock, Metrics& metrics,
                           const std::string& prefix)
    : disk_(disk),
      figures_{
          clock, metrics.counter(prefix + "_written_bytes_total", "Bytes written to its files."),
          metrics.histogram(prefix + "_sync_seconds", "How long a sync of a file took.", 1e-6)} {}

Result<std::unique_ptr<File>> MeasuredDisk::open(const std::string& path, OpenMode mode) {
  Result<std::unique_ptr<File>> file = disk_.open(path, mode);
  if (!file) return file.take_error();
  return std::unique_ptr<File>(std::make_unique<MeasuredFile>(file.take(), figures_));
}
Result<std::vector<std::string>> MeasuredDisk::list(const std::string& directory) {
  return disk_.list(directory);
}
Result<> MeasuredDisk::make_directories(const std::string& path) {
  return disk_.make_directories(path);
}
Result<> MeasuredDisk::rename(const std::string& from, const std::string& to) {
  return disk_.rename(from, to);
}
Result<> MeasuredDisk::remove(const std::string& path) {
  return disk_.remove(path);
}
Result<> MeasuredDisk::sync_directory(const std::string& path) {
  return disk_.sync_directory(path);
}
Result<bool> MeasuredDisk::exists(const std::string& path) {
  return disk_.exists(path);
}

}  // namespace millstream::io
