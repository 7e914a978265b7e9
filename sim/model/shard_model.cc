#include "sim/model/shard_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "services/kinesis/sequence_number.h"

namespace millstream::sim {

std::string record_data(uint64_t id, size_t size) {
  std::string data = fmt::format("r{}/", id);
  for (size_t i = data.size(); i < size; ++i)
    data.push_back(static_cast<char>('a' + (id + i) % 26));
  return data;
}

std::optional<uint64_t> record_id_of(const std::string& data) {
  uint64_t id = 0;
  if (data.empty() || data[0] != 'r') return std::nullopt;
  const auto [end, error] = std::from_chars(data.data() + 1, data.data() + data.size(), id);
  if (error != std::errc() || end == data.data() + data.size() || *end != '/') return std::nullopt;
  return id;
}

SentRecord& ShardModel::send(SentRecord record) {
  const uint64_t id = record.id;
  return sent_.insert_or_assign(id, std::move(record)).first->second;
}

void ShardModel::finish(uint64_t id, Ending ending, uint64_t moment,
                        const std::string& sequence_text) {
  SentRecord& record = sent_.at(id);
  record.ending = ending;
  if (ending == Ending::kRefused && record.sequence) {
    findings_.add("refused is without effect",
                  fmt::format("{}: record {} was read and then refused", name_, id));
  }
  if (ending != Ending::kDone) return;
  record.known = std::min(record.known, moment);
  const auto parsed = kinesis::parse_sequence_number(sequence_text);
  if (!parsed) {
    findings_.add("sequence numbers", name_ + ": no sequence number: " + sequence_text);
    return;
  }
  number(record, parsed->sequence, sequence_text, "the answer to its put");
}

void ShardModel::process_died() {
  for (auto& [id, record] : sent_) {
    if (!record.ending) record.ending = Ending::kUnknown;
  }
}

void ShardModel::number(SentRecord& record, uint64_t sequence, const std::string& text,
                        const std::string& who) {
  const auto [at, is_new] = by_sequence_.try_emplace(sequence, record.id);
  if (at->second != record.id) {
    findings_.add("sequence numbers are unique",
                  fmt::format("{}: {} says that sequence {} is record {}; it was record {}", name_,
                              who, sequence, record.id, at->second));
  }
  if (record.sequence && (*record.sequence != sequence || record.sequence_text != text)) {
    findings_.add("a record keeps its number",
                  fmt::format("{}: {} says that record {} has number {}; it had {}", name_, who,
                              record.id, text, record.sequence_text));
  }
  record.sequence = sequence;
  record.sequence_text = text;
}

void ShardModel::check_seen(const SeenRecord& seen, uint64_t moment, const std::string& who) {
  const auto id = record_id_of(seen.data);
  const auto found = id ? sent_.find(*id) : sent_.end();
  if (found == sent_.end()) {
    findings_.add("only what was sent is seen",
                  fmt::format("{}: {} shows at sequence {} what was never sent here: {}", name_,
                              who, seen.sequence, seen.data.substr(0, 40)));
    return;
  }
  SentRecord& record = found->second;
  if (record.data != seen.data || record.partition_key != seen.partition_key) {
    findings_.add("bytes are as they were sent",
                  fmt::format("{}: {} shows record {} with other bytes", name_, who, record.id));
  }
  if (record.ending == Ending::kRefused) {
    findings_.add("refused is without effect",
                  fmt::format("{}: {} shows record {}, which was refused", name_, who, record.id));
  }
  number(record, seen.sequence, seen.sequence_text, who);
  record.arrival_ms = seen.arrival_ms;
  record.known = std::min(record.known, moment);
}

void ShardModel::check_walk(const Walk& walk, int64_t wall_ms_highest) {
  for (const SeenRecord& seen : walk.records) check_seen(seen, walk.ended, "GetRecords");
  for (size_t i = 1; i < walk.records.size(); ++i) {
    if (walk.records[i].sequence == walk.records[i - 1].sequence + 1) continue;
    // Some of what had expired is back after the clock was set back; the rest was trimmed.
    if (may_be_gone(walk.records[i - 1].sequence, wall_ms_highest)) continue;
    findings_.add("sequence numbers rise by one",
                  fmt::format("{}: sequence {} follows {}", name_, walk.records[i].sequence,
                              walk.records[i - 1].sequence));
  }
  check_complete(walk, wall_ms_highest);
  check_order(walk);
  check_ages(walk);
}

bool ShardModel::may_be_gone(uint64_t sequence, int64_t wall_ms_highest) const {
  const SentRecord* record = at(sequence);
  if (!record) return true;  // nobody was told that it is there
  const auto number = kinesis::parse_sequence_number(record->sequence_text);
  // The number has the second of its arrival, rounded down.
  return number && number->arrival_seconds * 1000 + retention_ms_ <= wall_ms_highest;
}

// Everything known to be there when the walk began, from where it began to where it ended.
void ShardModel::check_complete(const Walk& walk, int64_t wall_ms_highest) {
  std::set<uint64_t> seen;
  for (const SeenRecord& record : walk.records) seen.insert(record.sequence);
  for (auto at = by_sequence_.lower_bound(walk.from_sequence); at != by_sequence_.end(); ++at) {
    const auto [sequence, id] = *at;
    const bool passed = walk.at_tip || (!seen.empty() && sequence <= *seen.rbegin());
    const SentRecord& record = sent_.at(id);
    const bool was_there = record.known < walk.began;
    if (!passed || !was_there || seen.contains(sequence)) continue;
    if (may_be_gone(sequence, wall_ms_highest)) continue;
    findings_.add("what was acknowledged is there",
                  fmt::format("{}: record {} (sequence {}) is missing; {} records were read, the "
                              "last has sequence {}",
                              name_, id, sequence, seen.size(), seen.empty() ? 0 : *seen.rbegin()));
    return;
  }
}

// A put that was answered before another began has the lower number; so has, within a request, what
// stands first in it.
void ShardModel::check_order(const Walk& walk) {
  uint64_t earliest_end = UINT64_MAX;
  std::map<uint64_t, size_t> last_place;  // by request, from behind
  for (auto at = walk.records.rbegin(); at != walk.records.rend(); ++at) {
    const auto id = by_sequence_.find(at->sequence);
    if (id == by_sequence_.end()) continue;
    const SentRecord& record = sent_.at(id->second);
    const auto [behind, is_first] = last_place.try_emplace(record.request, record.place);
    const bool out_of_place = !is_first && behind->second < record.place;
    if (record.began > earliest_end || out_of_place) {
      findings_.add(
          "order within a shard",
          fmt::format("{}: record {} (sequence {}) stands before one that was there first", name_,
                      record.id, at->sequence));
      return;
    }
    behind->second = record.place;
    earliest_end = std::min(earliest_end, record.known);
  }
}

void ShardModel::check_ages(const Walk& walk) {
  for (size_t i = 1; i < walk.records.size(); ++i) {
    if (walk.records[i].arrival_ms >= walk.records[i - 1].arrival_ms) continue;
    findings_.add("arrivals don't go back",
                  fmt::format("{}: sequence {} arrived {} ms before the one in front of it", name_,
                              walk.records[i].sequence,
                              walk.records[i - 1].arrival_ms - walk.records[i].arrival_ms));
    return;
  }
  for (const SeenRecord& seen : walk.records) {
    if (seen.arrival_ms + retention_ms_ > walk.wall_ms_min) continue;
    findings_.add("what is too old isn't served",
                  fmt::format("{}: sequence {} arrived {} ms before the read", name_, seen.sequence,
                              walk.wall_ms_min - seen.arrival_ms));
    return;
  }
}

uint64_t ShardModel::newest_sequence() const {
  return by_sequence_.empty() ? 0 : by_sequence_.rbegin()->first;
}

const SentRecord* ShardModel::at(uint64_t sequence) const {
  const auto found = by_sequence_.find(sequence);
  return found == by_sequence_.end() ? nullptr : &sent_.at(found->second);
}

}  // namespace millstream::sim
