#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "lanes/lanes.h"
#include "services/kinesis/stream.h"

namespace millstream::kinesis {

// Every stream of the node in memory, kept true by the lanes: a stream is here before the answer to
// its CreateStream goes out, and gone before that to its DeleteStream. Thread-safe.
class Catalog {
 public:
  // Registers with `lanes`, which outlives it; before lanes are started.
  explicit Catalog(lanes::Lanes& lanes);
  // Reads what is stored, and tells the lanes of every stream's retention.
  Result<> load();

  // nullptr if there is none.
  [[nodiscard]] std::shared_ptr<const Stream> find(std::string_view account,
                                                   std::string_view region,
                                                   std::string_view name) const;
  [[nodiscard]] std::shared_ptr<const Stream> find_id(uint64_t id) const;
  // Streams of one account and region whose names come behind `after`, by name; at most `limit`.
  [[nodiscard]] std::vector<std::shared_ptr<const Stream>> list(std::string_view account,
                                                                std::string_view region,
                                                                std::string_view after,
                                                                size_t limit) const;

 private:
  void put(std::string_view key, std::shared_ptr<const Stream> stream);
  void erase(std::string_view key);

  lanes::Lanes& lanes_;
  mutable std::shared_mutex mutex_;
  // Guarded by mutex_.
  std::map<std::string, std::shared_ptr<const Stream>, std::less<>> by_key_;
  std::unordered_map<uint64_t, std::shared_ptr<const Stream>> by_id_;
};

}  // namespace millstream::kinesis
