#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "store/store.h"

namespace millstream::store {

// A Store in memory that promises just what RocksDB without its log does: `crash` takes it back to
// the last flush. For tests and the simulator. Thread-safe.
class MemoryStore final : public Store {
 public:
  std::unique_ptr<Batch> new_batch() override;
  Result<> apply(Batch& batch) override;
  Result<> recover() override;
  Result<std::optional<std::string>> get(std::string_view key) override;
  Result<std::optional<std::string>> get_cached(std::string_view key) override;
  Result<> scan(const Range& range, Reach reach,
                const std::function<bool(std::string_view, std::string_view)>& visit) override;
  Result<> flush() override;
  void close() override;

  // From now on every batch is refused with `failure`, nothing of it is applied, and recover()
  // fails. Without a failure all is well again once recover() was called.
  void refuse_batches(std::optional<Error> failure);
  // Forgets everything since the last flush, and is open again.
  void crash();

 private:
  [[nodiscard]] Result<> check_open() const;

  std::mutex mutex_;
  std::map<std::string, std::string, std::less<>> entries_;  // guarded by mutex_
  std::map<std::string, std::string, std::less<>> flushed_;  // guarded by mutex_
  std::optional<Error> refusal_;                             // guarded by mutex_
  bool recoverable_ = true;                                  // guarded by mutex_
  bool closed_ = false;                                      // guarded by mutex_
};

}  // namespace millstream::store
