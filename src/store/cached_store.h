#pragma once

#include <memory>

#include "store/store.h"

namespace millstream::store {

// `store` with a cache of values before it, which answers `get` and `get_cached` for the keys that
// were read or written lately: one look into a hash table in place of RocksDB's memory tables.
// Scans go to `store`. Every promise is that of `store`; a reader never sees a value here that a
// scan that ended before didn't see yet, nor the other way round.
std::unique_ptr<Store> make_cached_store(std::unique_ptr<Store> store, size_t bytes_max);

}  // namespace millstream::store
