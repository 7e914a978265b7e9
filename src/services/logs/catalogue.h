#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "lanes/catalogue.h"
#include "services/logs/documents.h"
#include "services/logs/keys.h"

namespace millstream::logs {

struct Group {
  GroupAddress address;
  GroupDocument document;
};

struct Stream {
  std::string name;
  StreamDocument document;
};

// Every log group and stream that is durable, in memory: filled at start, then kept true by the
// lanes' observers. Answers are copies. Thread-safe.
class Catalogue {
 public:
  // Registers the observers; before lanes.start().
  explicit Catalogue(lanes::Lanes& lanes);
  // Reads what is stored. Blocks; once, before the first request.
  Result<> load();

  [[nodiscard]] std::optional<Group> find_group(const GroupAddress& address) const;
  // Groups of an account and region in the order of their names, from `from` (included) on.
  [[nodiscard]] std::vector<Group> groups(std::string_view account, std::string_view region,
                                          std::string_view from) const;
  [[nodiscard]] std::vector<Group> groups_with_retention() const;

  [[nodiscard]] std::optional<Stream> find_stream(uint64_t group_id, std::string_view name) const;
  // The group's streams whose names begin with `prefix`, in the order of their names.
  [[nodiscard]] std::vector<Stream> streams(uint64_t group_id, std::string_view prefix) const;
  [[nodiscard]] int64_t stored_bytes(uint64_t group_id) const;

  struct PendingRemoval {
    Removal removal;
    uint64_t group_hash;
  };
  [[nodiscard]] std::vector<PendingRemoval> removals() const;

 private:
  lanes::Catalogue<Group> groups_;
  lanes::Catalogue<Stream> streams_;
  lanes::Catalogue<PendingRemoval> removals_;
};

}  // namespace millstream::logs
