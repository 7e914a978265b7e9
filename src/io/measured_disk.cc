#include "io/measured_disk.h"

namespace millstream::io {
namespace {

class MeasuredFile final : public ForwardingFile {
 public:
  MeasuredFile(std::unique_ptr<File> file, const MeasuredDisk::Figures& figures)
      : ForwardingFile(std::move(file)), figures_(figures) {}

  Result<> write_at(uint64_t offset, std::string_view bytes) override {
    Result<> written = ForwardingFile::write_at(offset, bytes);
    if (written) figures_.written_bytes.add(static_cast<int64_t>(bytes.size()));
    return written;
  }
  Result<> write_all_at(uint64_t offset, const std::vector<std::string_view>& pieces) override {
    Result<> written = ForwardingFile::write_all_at(offset, pieces);
    if (!written) return written;
    size_t bytes = 0;
    for (const std::string_view piece : pieces) bytes += piece.size();
    figures_.written_bytes.add(static_cast<int64_t>(bytes));
    return written;
  }
  Result<> sync() override {
    const int64_t started_us = figures_.clock.monotonic_us();
    Result<> synced = ForwardingFile::sync();
    if (synced) figures_.sync_us.record(figures_.clock.monotonic_us() - started_us);
    return synced;
  }

 private:
  const MeasuredDisk::Figures& figures_;
};

}  // namespace

MeasuredDisk::MeasuredDisk(Disk& disk, const Clock& clock, Metrics& metrics,
                           const std::string& prefix)
    : ForwardingDisk(disk),
      figures_{
          clock, metrics.counter(prefix + "_written_bytes_total", "Bytes written to its files."),
          metrics.histogram(prefix + "_sync_seconds", "How long a sync of a file took.", 1e-6)} {}

Result<std::unique_ptr<File>> MeasuredDisk::open(const std::string& path, OpenMode mode) {
  Result<std::unique_ptr<File>> file = ForwardingDisk::open(path, mode);
  if (!file) return file.take_error();
  return std::unique_ptr<File>(std::make_unique<MeasuredFile>(file.take(), figures_));
}

}  // namespace millstream::io
