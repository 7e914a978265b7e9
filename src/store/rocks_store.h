#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "store/store.h"

namespace millstream::store {

struct RocksStoreOptions {
  std::string directory;
  size_t block_cache_bytes = 256u << 20;
  size_t write_buffer_bytes = 64u << 20;
  uint64_t open_files_max = 512;  // kept open; more are opened and closed as they are needed
};

// A Store on RocksDB with its write-ahead log off: one column family, so that what a crash leaves
// is a prefix of the batches. Makes the directory if it isn't there.
Result<std::unique_ptr<Store>> open_rocks_store(const RocksStoreOptions& options);

}  // namespace millstream::store
