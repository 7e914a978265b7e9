#include "store/rocks_file_system.h"

#include <rocksdb/file_system.h>

#include <string>

namespace millstream::store {
namespace {

// Nothing was written by an open that failed, so another try can't do harm.
rocksdb::IOStatus that_may_pass(rocksdb::IOStatus opened) {
  if (!opened.ok() && !opened.IsNotFound() && !opened.IsPathNotFound()) opened.SetRetryable(true);
  return opened;
}

class FileSystem final : public rocksdb::FileSystemWrapper {
 public:
  FileSystem() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  [[nodiscard]] const char* Name() const override { return "MillstreamFileSystem"; }

  rocksdb::IOStatus NewSequentialFile(const std::string& path, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSSequentialFile>* file,
                                      rocksdb::IODebugContext* debug) override {
    return that_may_pass(target()->NewSequentialFile(path, options, file, debug));
  }
  rocksdb::IOStatus NewRandomAccessFile(const std::string& path,
                                        const rocksdb::FileOptions& options,
                                        std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
                                        rocksdb::IODebugContext* debug) override {
    return that_may_pass(target()->NewRandomAccessFile(path, options, file, debug));
  }
  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override {
    return that_may_pass(target()->NewWritableFile(path, options, file, debug));
  }
  rocksdb::IOStatus ReopenWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* file,
                                       rocksdb::IODebugContext* debug) override {
    return that_may_pass(target()->ReopenWritableFile(path, options, file, debug));
  }
  rocksdb::IOStatus NewDirectory(const std::string& path, const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* directory,
                                 rocksdb::IODebugContext* debug) override {
    return that_may_pass(target()->NewDirectory(path, options, directory, debug));
  }
};

}  // namespace

std::unique_ptr<rocksdb::Env> make_rocks_environment() {
  return rocksdb::NewCompositeEnv(std::make_shared<FileSystem>());
}

}  // namespace millstream::store
