#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "lanes/follower.h"
#include "services/triggers/active_mapping.h"
#include "services/triggers/shard_worker.h"

namespace millstream::triggers {

// All event source mappings of the node, and the workers that carry records to functions: one for
// every shard of every mapping, spread over the executors. Shards that are split or merged get
// workers for their children, which begin when the parents' are done.
//
// Concurrency: thread-safe. A mapping is here before the answer to its creation goes out, for it
// comes in as the lanes tell it.
class Engine {
 public:
  struct Parts {  // all outlive the engine and its workers
    lanes::Lanes& lanes;
    const kinesis::Catalog& streams;
    functions::FunctionSource& functions;
    functions::Invoker& invoker;
    Clock& clock;
    Random& random;
    std::vector<io::Executor*> executors;
    std::function<void(const std::string&)> warn;  // a sentence for the server's log; any thread
  };

  // Registers with the lanes; before they are started.
  explicit Engine(const Parts& parts);
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Reads what is stored (blocks) and starts the workers; after Kinesis's catalogue was read.
  Result<> start();
  // Lets every worker end after what it has under way; before the lanes stop. The executors go on
  // to run until running() is 0.
  void stop();
  [[nodiscard]] size_t running() const { return shared_->running; }

  [[nodiscard]] const kinesis::Catalog& streams() const { return parts_.streams; }
  [[nodiscard]] functions::FunctionSource& functions() const { return parts_.functions; }

  // ---- Mappings. nullptr if there is none.
  [[nodiscard]] std::shared_ptr<const ActiveMapping> find(std::string_view account,
                                                          std::string_view region,
                                                          std::string_view uuid) const;
  // By UUID, those behind `after` for which `wanted` says so; at most `limit`.
  [[nodiscard]] std::vector<std::shared_ptr<const ActiveMapping>> list(
      std::string_view account, std::string_view region, std::string_view after, size_t limit,
      const std::function<bool(const Mapping&)>& wanted) const;

  [[nodiscard]] std::vector<std::shared_ptr<const ActiveMapping>> all() const;

  struct Changed {
    std::shared_ptr<const Mapping> mapping;  // as it is now, or was; nullptr: there is none
    std::shared_ptr<const Mapping>
        conflict;  // nothing changed: this one joins the same two already
  };
  // Draws a UUID, resolves the starting position in every shard and stores the mapping: what is put
  // into the stream after this returned is delivered, whatever the position.
  io::Task<Result<Changed>> create(io::Executor& home, Mapping mapping,
                                   std::shared_ptr<const kinesis::Stream> stream);
  // Applies `change` to the stored mapping.
  io::Task<Result<Changed>> update(io::Executor& home, std::string account, std::string region,
                                   std::string uuid, std::function<void(Mapping&)> change);
  io::Task<Result<Changed>> remove(io::Executor& home, std::string account, std::string region,
                                   std::string uuid);

 private:
  Result<> apply(std::string_view key, std::optional<std::string_view> value);
  void adopt(std::string_view key, std::shared_ptr<const Mapping> mapping);
  // For every shard that has none yet.
  void start_workers(const std::shared_ptr<ActiveMapping>& mapping);
  void start_worker(const std::shared_ptr<ActiveMapping>& mapping, uint32_t shard);
  void follow_stream(std::string_view key);
  // Whether a checkpoint is of a mapping and a shard that are there.
  [[nodiscard]] bool is_wanted(const CheckpointAddress& address,
                               const std::set<std::string>& uuids) const;
  Result<> find_forgotten_checkpoints();
  io::Task<> erase_forgotten(io::Executor& home, lanes::LaneId lane, std::string key);
  io::Task<Result<std::vector<uint64_t>>> starts(io::Executor& home, Mapping mapping,
                                                 std::shared_ptr<const kinesis::Stream> stream);
  // A mapping other than `mapping` between the same stream and function.
  static Result<std::shared_ptr<const Mapping>> conflicting(lanes::Transaction& transaction,
                                                            const Mapping& mapping);
  [[nodiscard]] lanes::LaneId lane_of(const std::string& account, const std::string& region) const;

  const Parts parts_;
  const std::shared_ptr<WorkerShared> shared_;
  mutable std::shared_mutex mutex_;
  std::map<std::string, std::shared_ptr<ActiveMapping>, std::less<>> by_key_;  // guarded by mutex_
  lanes::Follower stored_;
};

}  // namespace millstream::triggers
