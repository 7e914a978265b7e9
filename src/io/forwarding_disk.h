#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "io/disk.h"

namespace millstream::io {

// A file that is another one in everything: for those that change or watch a part of it.
class ForwardingFile : public File {
 public:
  explicit ForwardingFile(std::unique_ptr<File> file) : file_(std::move(file)) {}

  Result<> write_at(uint64_t offset, std::string_view bytes) override {
    return file_->write_at(offset, bytes);
  }
  Result<> write_all_at(uint64_t offset, const std::vector<std::string_view>& pieces) override {
    return file_->write_all_at(offset, pieces);
  }
  Result<std::string> read_at(uint64_t offset, size_t size) override {
    return file_->read_at(offset, size);
  }
  Result<> sync() override { return file_->sync(); }
  Result<> allocate(uint64_t size) override { return file_->allocate(size); }
  Result<> truncate(uint64_t size) override { return file_->truncate(size); }
  Result<uint64_t> size() override { return file_->size(); }
  void write_past_cache() override { file_->write_past_cache(); }

 private:
  const std::unique_ptr<File> file_;
};

// The same for a disk, which outlives it.
class ForwardingDisk : public Disk {
 public:
  explicit ForwardingDisk(Disk& disk) : disk_(disk) {}

  Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) override {
    return disk_.open(path, mode);
  }
  Result<std::vector<std::string>> list(const std::string& directory) override {
    return disk_.list(directory);
  }
  Result<> make_directories(const std::string& path) override {
    return disk_.make_directories(path);
  }
  Result<> rename(const std::string& from, const std::string& to) override {
    return disk_.rename(from, to);
  }
  Result<> remove(const std::string& path) override { return disk_.remove(path); }
  Result<> sync_directory(const std::string& path) override { return disk_.sync_directory(path); }
  Result<bool> exists(const std::string& path) override { return disk_.exists(path); }

 private:
  Disk& disk_;
};

}  // namespace millstream::io
