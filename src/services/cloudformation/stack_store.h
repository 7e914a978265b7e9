#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "io/executor.h"
#include "io/task.h"
#include "lanes/lanes.h"
#include "services/cloudformation/documents.h"
#include "services/cloudformation/keys.h"

namespace millstream::cloudformation {

struct Export {
  std::string stack_id;
  std::string value;
};
using Exports = std::map<std::string, Export>;  // by name

// Reading and writing of what is stored of stacks (docs/formats/state/cloudformation.md). Reads see
// what is durable. Thread-safe; every coroutine starts and ends on `home`.
class StackStore {
 public:
  explicit StackStore(lanes::Lanes& lanes) : lanes_(lanes) {}

  io::Task<Result<std::optional<StackDocument>>> stack(io::Executor& home, StackAddress address);
  // The stack that bears the name: not deleted.
  io::Task<Result<std::optional<StackDocument>>> named(io::Executor& home, std::string account,
                                                       std::string region, std::string name);
  // All of an account and region, deleted ones too.
  io::Task<Result<std::vector<StackDocument>>> stacks(io::Executor& home, std::string account,
                                                      std::string region);
  // Of every account and region. For start-up: blocks.
  Result<std::vector<StackDocument>> all_stacks_now();

  io::Task<Result<std::vector<ResourceDocument>>> resources(io::Executor& home,
                                                            StackAddress address);
  io::Task<Result<std::optional<std::string>>> template_body(io::Executor& home,
                                                             StackAddress address,
                                                             TemplateRole role);
  // Newest first, at most `count`, of those before `before_sequence`; each with its sequence.
  using Events = std::vector<std::pair<uint64_t, EventDocument>>;
  io::Task<Result<Events>> events(io::Executor& home, StackAddress address,
                                  uint64_t before_sequence, size_t count);
  io::Task<Result<std::vector<ChangeSetDocument>>> change_sets(io::Executor& home,
                                                               StackAddress address);
  io::Task<Result<Exports>> exports(io::Executor& home, std::string account, std::string region);

  // Makes the exports of a stack exactly `wanted` (name, value). Fails with kAlreadyExists when
  // another stack has one of the names; then nothing has changed.
  io::Task<Result<>> set_exports(io::Executor& home, StackAddress address,
                                 std::map<std::string, std::string> wanted);

  [[nodiscard]] lanes::Lanes& lanes() { return lanes_; }
  [[nodiscard]] lanes::LaneId lane_of(const StackAddress& address) const {
    return lanes_.lane_of(hash_of(address.account, address.region, address.name));
  }

 private:
  using Entries = std::vector<std::pair<std::string, std::string>>;
  io::Task<Result<Entries>> scan(io::Executor& home, std::string prefix);

  lanes::Lanes& lanes_;
};

// ---- Inside a transaction of the stack's lane.

Result<std::optional<StackDocument>> load_stack(lanes::Transaction& transaction,
                                                const StackAddress& address);
// The stack that bears the name.
Result<std::optional<StackDocument>> load_named(lanes::Transaction& transaction,
                                                const std::string& account,
                                                const std::string& region, const std::string& name);
// Stores the stack with these events behind those it has; counts them in it.
void store_stack(lanes::Transaction& transaction, StackDocument& stack,
                 const std::vector<EventDocument>& events);

}  // namespace millstream::cloudformation
