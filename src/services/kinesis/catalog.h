#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "lanes/catalogue.h"
#include "lanes/lanes.h"
#include "services/kinesis/account_settings.h"
#include "services/kinesis/consumer.h"
#include "services/kinesis/stream.h"

namespace millstream::kinesis {

// Every stream and consumer of the node in memory, kept true by the lanes: a stream is here before
// the answer to its CreateStream goes out, and gone before that to its DeleteStream. Of a stream or
// consumer that is on its way out, the status tells (transition.h). Tells the lanes what they keep
// of a stream in memory: retention, and which shards have ended. Thread-safe.
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
  [[nodiscard]] std::shared_ptr<const Stream> find_id(uint64_t id) const { return ids_.find(id); }
  // By the key of its document.
  [[nodiscard]] std::shared_ptr<const Stream> find_key(std::string_view key) const {
    return streams_.find(key);
  }
  // Streams of one account and region whose names come behind `after`, by name; at most `limit`.
  [[nodiscard]] std::vector<std::shared_ptr<const Stream>> list(std::string_view account,
                                                                std::string_view region,
                                                                std::string_view after,
                                                                size_t limit) const;
  // Those whose shards are being changed.
  [[nodiscard]] std::vector<std::shared_ptr<const Stream>> resharding() const;
  // The ids of all on-demand streams.
  [[nodiscard]] std::set<uint64_t> on_demand_streams() const;
  [[nodiscard]] std::vector<std::shared_ptr<const Stream>> all() const {
    return streams_.list(kStreamKeyPrefix);
  }

  // nullptr if the stream has none of that name.
  [[nodiscard]] std::shared_ptr<const Consumer> find_consumer(const Stream& stream,
                                                              std::string_view name) const;
  // The stream's consumers whose names come behind `after`, by name.
  [[nodiscard]] std::vector<std::shared_ptr<const Consumer>> consumers(
      const Stream& stream, std::string_view after = "") const;
  // Of all streams of an account and region.
  [[nodiscard]] std::vector<std::shared_ptr<const Consumer>> consumers(
      std::string_view account, std::string_view region) const;
  [[nodiscard]] std::vector<std::shared_ptr<const Consumer>> all_consumers() const {
    return consumers_.list(kConsumerKeyPrefix);
  }

  [[nodiscard]] AccountSettings account_settings(std::string_view account,
                                                 std::string_view region) const;
  // What an account's streams in a region add up to.
  struct Usage {
    size_t open_shards = 0;
    size_t on_demand_streams = 0;
  };
  [[nodiscard]] Usage usage(std::string_view account, std::string_view region) const;

 private:
  void note_change(const std::shared_ptr<const Stream>& before,
                   const std::shared_ptr<const Stream>& now);
  void on_change(const std::shared_ptr<const Stream>& before,
                 const std::shared_ptr<const Stream>& now);
  void count(const Stream& stream, size_t times);

  lanes::Lanes& lanes_;
  lanes::IdIndex<Stream> ids_;
  mutable std::mutex mutex_;
  std::set<uint64_t> resharding_;                    // ids; guarded by mutex_
  std::set<uint64_t> on_demand_;                     // ids; guarded by mutex_
  std::map<std::string, Usage, std::less<>> usage_;  // guarded by mutex_
  lanes::Catalogue<Stream> streams_;
  lanes::Catalogue<Consumer> consumers_;
  lanes::Catalogue<AccountSettings> accounts_;
};

}  // namespace millstream::kinesis
