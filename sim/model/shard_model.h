#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/findings.h"

namespace millstream::sim {

// One record that was sent to a shard.
struct SentRecord {
  uint64_t id = 0;       // its own in the whole simulation, and in its data
  uint64_t request = 0;  // of the same PutRecords
  size_t place = 0;      // within the request
  uint16_t lane = 0;     // where it belongs
  std::string partition_key;
  std::string data;
  uint64_t began = 0;                // moments, from a counter of the simulation
  uint64_t known = UINT64_MAX;       // since when somebody was told that it is there
  std::optional<Ending> ending;      // none while it is under way
  std::optional<uint64_t> sequence;  // as acknowledged or read
  std::string sequence_text;         // the same, as clients see it
  int64_t arrival_ms = 0;            // once it was read
};

// A record as GetRecords or an event gave it.
struct SeenRecord {
  uint64_t sequence;
  std::string sequence_text;
  std::string partition_key;
  std::string data;
  int64_t arrival_ms;
};

// One walk along a shard, from a place to the tip.
struct Walk {
  uint64_t began = 0;  // moments
  uint64_t ended = 0;
  int64_t wall_ms_min = 0;  // the lowest and highest wall time meanwhile
  int64_t wall_ms_max = 0;
  uint64_t from_sequence = 0;  // nothing below it was asked for
  bool at_tip = false;         // it came to where nothing followed
  std::vector<SeenRecord> records;
};

// What may be seen in one shard of one stream: every acknowledged record and every record that was
// ever seen is there until its retention has passed; each once, in order, under a number of its
// own.
class ShardModel {
 public:
  ShardModel(Findings& findings, std::string name, int64_t retention_ms)
      : findings_(findings), name_(std::move(name)), retention_ms_(retention_ms) {}

  SentRecord& send(SentRecord record);
  void finish(uint64_t id, Ending ending, uint64_t moment, const std::string& sequence_text);
  // The process died: what is under way will never be answered.
  void process_died();

  // Checks what a reader was given. `wall_ms_highest`: of the simulation until now.
  void check_walk(const Walk& walk, int64_t wall_ms_highest);
  // Checks a record that was shown, and remembers that it was. `who`: for the finding's text.
  void check_seen(const SeenRecord& record, uint64_t moment, const std::string& who);

  // The highest sequence that is known to be there; 0: none.
  [[nodiscard]] uint64_t newest_sequence() const;
  // Whether the record may have gone by its age.
  [[nodiscard]] bool may_be_gone(uint64_t sequence, int64_t wall_ms_highest) const;
  [[nodiscard]] const SentRecord* at(uint64_t sequence) const;
  [[nodiscard]] const std::map<uint64_t, SentRecord>& sent() const { return sent_; }

 private:
  void number(SentRecord& record, uint64_t sequence, const std::string& text,
              const std::string& who);
  void check_complete(const Walk& walk, int64_t wall_ms_highest);
  void check_order(const Walk& walk);
  void check_ages(const Walk& walk);

  Findings& findings_;
  const std::string name_;
  const int64_t retention_ms_;
  std::map<uint64_t, SentRecord> sent_;       // by id
  std::map<uint64_t, uint64_t> by_sequence_;  // sequence -> id
};

// "record 17" for data that the simulation made; nothing for other data.
std::optional<uint64_t> record_id_of(const std::string& data);
std::string record_data(uint64_t id, size_t size);

}  // namespace millstream::sim
