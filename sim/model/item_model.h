#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/findings.h"

namespace millstream::sim {

// An item's attributes, as far as the simulation writes them.
struct ItemValue {
  std::string text;   // of the last write that set it
  int64_t count = 0;  // of the updates
  auto operator<=>(const ItemValue&) const = default;
};
using ItemState = std::optional<ItemValue>;

struct ItemCall {
  enum class Kind { kGet, kPut, kUpdate, kDelete };
  enum class Condition { kNone, kAbsent, kPresent, kTextIs };
  Kind kind = Kind::kGet;
  std::string text;  // to be written
  Condition condition = Condition::kNone;
  std::string expected;  // for kTextIs
  bool quiet = false;    // of a put or delete: nobody asks what was there before
};

struct ItemAnswer {
  bool condition_failed = false;
  // Get: the item. Put, delete: what was there before, unless quiet. Update: what is there after.
  ItemState value;
  auto operator<=>(const ItemAnswer&) const = default;
};

// What `call` makes of `state`, and what it answers.
ItemAnswer apply(const ItemCall& call, ItemState* state);

// One item: whether its calls can have happened one after the other, each between its beginning and
// its answer. Keeps the set of all states that may be, so that a check costs little however long
// the history is. A call without an answer may have happened at any time until the process died.
class ItemModel {
 public:
  using CallId = uint64_t;
  void begin(CallId id, ItemCall call) { open_.emplace(id, std::move(call)); }
  // False if no order of the calls explains the answer.
  [[nodiscard]] bool answered(CallId id, const ItemAnswer& answer);
  void refused(CallId id);
  // There will be no answer, though the process lives: it may still happen until that dies.
  void abandoned(CallId id);
  // The process died: open calls happened before that or never will.
  void process_died();
  // The table is gone, or made again.
  void reset();

  // The orders of open calls are tried out: with more than a few there are too many.
  static constexpr size_t kOpenCallsMax = 5;
  [[nodiscard]] size_t open_calls() const { return open_.size(); }
  // What the item may be, for a finding's text.
  [[nodiscard]] std::string text() const;

 private:
  struct Possibility {
    ItemState state;
    std::map<CallId, ItemAnswer> happened;  // open calls that had their effect
    auto operator<=>(const Possibility&) const = default;
  };
  void explore(const Possibility& from, CallId wanted, const ItemAnswer& answer,
               std::set<Possibility>* found, std::set<Possibility>* seen) const;

  std::map<CallId, ItemCall> open_;
  std::set<CallId> abandoned_;  // of the open ones
  std::set<Possibility> possible_{Possibility{}};
};

}  // namespace millstream::sim
