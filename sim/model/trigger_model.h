#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sim/model/stream_model.h"

namespace millstream::sim {

// One event source mapping: its function is given every record of every shard, in order, and no
// record before those in front of it were finished or given up as the mapping's settings say.
class TriggerModel {
 public:
  TriggerModel(Findings& findings, std::string function, std::shared_ptr<StreamModel> stream,
               int32_t retry_attempts_max)
      : findings_(findings),
        function_(std::move(function)),
        stream_(std::move(stream)),
        retry_attempts_max_(retry_attempts_max) {}

  // The first sequence to be delivered, by shard. Known once the mapping's creation is.
  void set_starts(const std::vector<uint64_t>& starts);

  struct Event {
    uint32_t shard;
    std::vector<SeenRecord> records;
  };
  // The function is called.
  void begin(const Event& event, uint64_t moment, int64_t wall_ms_highest);
  // It answered: with a success, with an error, or it wasn't run at all.
  enum class Outcome { kSucceeded, kFailed, kNotRun };
  void end(const Event& event, Outcome outcome);
  void process_died();

  // Whether all that is known to be in the stream was finished, but for what may have expired.
  [[nodiscard]] bool is_done(int64_t wall_ms_highest) const;
  [[nodiscard]] std::string progress_text() const;
  [[nodiscard]] const std::string& function() const { return function_; }
  [[nodiscard]] const std::shared_ptr<StreamModel>& stream() const { return stream_; }

  bool enabled = true;
  bool deleted = false;
  bool deletion_asked = false;
  // A change had no answer yet: until the process died it may still happen.
  bool undecided = true;
  std::string uuid;  // empty while its creation isn't known

 private:
  struct Shard {
    bool start_known = false;
    uint64_t finished = 0;             // everything up to here is
    uint64_t finished_in_process = 0;  // by the living process; nothing of it comes again
    uint64_t failures_of = 0;          // the first sequence of the batch that failed last
    int failures = 0;                  // how often, in this process
    bool under_way = false;
  };
  void check_batch(const Event& event, const Shard& shard, int64_t wall_ms_highest);

  Findings& findings_;
  const std::string function_;
  const std::shared_ptr<StreamModel> stream_;
  const int32_t retry_attempts_max_;
  std::map<uint32_t, Shard> shards_;
};

}  // namespace millstream::sim
