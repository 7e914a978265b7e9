#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace millstream::kinesis {

// What can be set at a stream and stands in its document as a part of its own.
struct StreamSettings {
  // From when on records were marked as encrypted, or were no more; by time.
  struct EncryptionChange {
    int64_t from_ms = 0;
    bool encrypted = false;
  };

  std::optional<std::string> key_id;  // of the KMS key, as it was given; none: not encrypted
  std::vector<EncryptionChange> encryption_changes;
  std::vector<std::string> shard_level_metrics;  // enhanced monitoring, in the model's order
  bool spreads_evenly = false;                   // record distribution strategy AUTO
  int32_t warm_throughput_mibps = 0;             // 0: none was asked for
  // When it happened, for limits within a rolling day; by time.
  std::vector<int64_t> mode_changes_ms;
  std::vector<int64_t> key_changes_ms;
  std::vector<int64_t> encryption_stops_ms;
  std::string policy;  // its resource policy as it was given; empty: none

  // Whether a record that arrived then is marked as encrypted.
  [[nodiscard]] bool encrypted_at(int64_t arrival_ms) const;
  [[nodiscard]] std::string_view encryption_type() const { return key_id ? "KMS" : "NONE"; }
};

template <class Fields>
void each_field(Fields& fields,
                typename Fields::template Of<StreamSettings::EncryptionChange>& change) {
  fields("from_ms", change.from_ms);
  fields("encrypted", change.encrypted);
}

template <class Fields>
void each_field(Fields& fields, typename Fields::template Of<StreamSettings>& settings) {
  fields("key_id", settings.key_id);
  fields.unless_empty("encryption_changes", settings.encryption_changes);
  fields.unless_empty("shard_level_metrics", settings.shard_level_metrics);
  fields("spreads_evenly", settings.spreads_evenly);
  fields("warm_throughput_mibps", settings.warm_throughput_mibps);
  fields.unless_empty("mode_changes_ms", settings.mode_changes_ms);
  fields.unless_empty("key_changes_ms", settings.key_changes_ms);
  fields.unless_empty("encryption_stops_ms", settings.encryption_stops_ms);
  fields.unless_empty("policy", settings.policy);
}

// Counts one more event at `now_ms`. False, and nothing changed, if `events_max` of them lie within
// the day before.
bool count_in_day(int64_t now_ms, int64_t events_max, std::vector<int64_t>* events_ms);

}  // namespace millstream::kinesis
