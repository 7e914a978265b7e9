#pragma once

#include <rocksdb/env.h>

#include <memory>

namespace millstream::store {

// The operating system's files as RocksDB uses them, with one difference: that a file can't be
// opened (no descriptors left) is a failure that may pass. RocksDB takes any failure for final
// whose status doesn't say so, and then refuses every write until it is opened anew; after one that
// may pass it tries again by itself. Full disks say so already.
std::unique_ptr<rocksdb::Env> make_rocks_environment();

}  // namespace millstream::store
