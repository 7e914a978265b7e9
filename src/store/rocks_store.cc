#include "store/rocks_store.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include <mutex>
#include <shared_mutex>

#include "store/rocks_file_system.h"
namespace millstream::store {
namespace {

rocksdb::Slice slice(std::string_view bytes) {
  return {bytes.data(), bytes.size()};
}
std::string_view view(const rocksdb::Slice& bytes) {
  return {bytes.data(), bytes.size()};
}

Error to_error(const rocksdb::Status& status) {
  ErrorCode code = ErrorCode::kIo;
  if (status.IsCorruption()) code = ErrorCode::kCorruption;
  if (status.IsNoSpace()) code = ErrorCode::kNoSpace;
  if (status.IsIncomplete()) code = ErrorCode::kUnavailable;
  return Error{code, "state store: " + status.ToString()};
}

class RocksBatch final : public Batch {
 public:
  void put(std::string_view key, std::string_view value) override {
    if (status_.ok()) status_ = batch_.Put(slice(key), slice(value));
  }
  void erase(std::string_view key) override {
    if (status_.ok()) status_ = batch_.Delete(slice(key));
  }
  [[nodiscard]] bool empty() const override { return status_.ok() && batch_.Count() == 0; }

  rocksdb::WriteBatch batch_;
  rocksdb::Status status_;  // the first change that could not be added
};

class RocksStore final : public Store {
 public:
  RocksStore(std::unique_ptr<rocksdb::Env> environment, std::unique_ptr<rocksdb::DB> db)
      : environment_(std::move(environment)), db_(std::move(db)) {
    write_options_.disableWAL = true;
    cached_options_.read_tier = rocksdb::kBlockCacheTier;
  }
  ~RocksStore() override { close(); }

  std::unique_ptr<Batch> new_batch() override { return std::make_unique<RocksBatch>(); }

  Result<> apply(Batch& batch) override {
    auto& rocks = static_cast<RocksBatch&>(batch);
    if (!rocks.status_.ok()) return to_error(rocks.status_);
    const std::shared_lock open(open_mutex_);
    if (!db_) return closed();
    const rocksdb::Status status = db_->Write(write_options_, &rocks.batch_);
    if (!status.ok()) return to_error(status);
    return {};
  }

  Result<> recover() override {
    const std::shared_lock open(open_mutex_);
    if (!db_) return closed();
    const rocksdb::Status status = db_->Resume();
    // Busy: it is at it by itself.
    if (!status.ok() && !status.IsBusy()) return to_error(status);
    return {};
  }

  Result<std::optional<std::string>> get(std::string_view key) override {
    return get_with(read_options_, key);
  }
  Result<std::optional<std::string>> get_cached(std::string_view key) override {
    return get_with(cached_options_, key);
  }

  Result<> scan(const Range& range, Reach reach,
                const std::function<bool(std::string_view, std::string_view)>& visit) override {
    rocksdb::ReadOptions options;
    if (reach == Reach::kCachedOnly) options.read_tier = rocksdb::kBlockCacheTier;
    const rocksdb::Slice lower = slice(range.from);
    const rocksdb::Slice upper = slice(range.to);
    options.iterate_lower_bound = &lower;
    options.iterate_upper_bound = &upper;
    const std::shared_lock open(open_mutex_);
    if (!db_) return closed();
    const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(options));
    if (range.reverse) {
      at->SeekToLast();
    } else {
      at->SeekToFirst();
    }
    while (at->Valid() && visit(view(at->key()), view(at->value()))) {
      if (range.reverse) {
        at->Prev();
      } else {
        at->Next();
      }
    }
    if (!at->status().ok()) return to_error(at->status());
    return {};
  }

  Result<> flush() override {
    rocksdb::FlushOptions options;
    options.wait = true;
    options.allow_write_stall = true;
    const std::shared_lock open(open_mutex_);
    if (!db_) return closed();
    const rocksdb::Status status = db_->Flush(options);
    if (!status.ok()) return to_error(status);
    return {};
  }

  void close() override {
    const std::unique_lock none_under_way(open_mutex_);
    db_.reset();
  }

 private:
  static Error closed() { return {ErrorCode::kUnavailable, "the state store is closed"}; }

  Result<std::optional<std::string>> get_with(const rocksdb::ReadOptions& options,
                                              std::string_view key) {
    const std::shared_lock open(open_mutex_);
    if (!db_) return closed();
    std::string value;
    const rocksdb::Status status =
        db_->Get(options, db_->DefaultColumnFamily(), slice(key), &value);
    if (status.IsNotFound()) return std::optional<std::string>();
    if (!status.ok()) return to_error(status);
    return std::optional<std::string>(std::move(value));
  }

  const std::unique_ptr<rocksdb::Env> environment_;
  std::shared_mutex open_mutex_;     // held shared by each call, alone by close()
  std::unique_ptr<rocksdb::DB> db_;  // none once it is closed
  rocksdb::WriteOptions write_options_;
  rocksdb::ReadOptions read_options_;
  rocksdb::ReadOptions cached_options_;
};

rocksdb::Options rocks_options(const RocksStoreOptions& options) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(options.block_cache_bytes);
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;

  rocksdb::Options rocks;
  rocks.create_if_missing = true;
  rocks.write_buffer_size = options.write_buffer_bytes;
  rocks.max_write_buffer_number = 4;
  rocks.max_background_jobs = 2;
  rocks.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  rocks.compression = rocksdb::kLZ4Compression;
  rocks.keep_log_file_num = 2;
  rocks.info_log_level = rocksdb::WARN_LEVEL;
  rocks.max_open_files = static_cast<int>(options.open_files_max);
  rocks.avoid_flush_during_shutdown = true;  // the journal has it
  return rocks;
}

}  // namespace

Result<std::unique_ptr<Store>> open_rocks_store(const RocksStoreOptions& options) {
  std::unique_ptr<rocksdb::Env> environment = make_rocks_environment();
  rocksdb::Options rocks = rocks_options(options);
  rocks.env = environment.get();
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(rocks, options.directory, &db);
  if (!status.ok()) return to_error(status).in("cannot open " + options.directory);
  return std::unique_ptr<Store>(
      new RocksStore(std::move(environment), std::unique_ptr<rocksdb::DB>(db)));
}

}  // namespace millstream::store
