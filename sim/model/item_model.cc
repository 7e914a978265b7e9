#include "sim/model/item_model.h"

#include <fmt/format.h>

#include <utility>

namespace millstream::sim {
namespace {

bool holds(const ItemCall& call, const ItemState& state) {
  switch (call.condition) {
    case ItemCall::Condition::kNone:
      return true;
    case ItemCall::Condition::kAbsent:
      return !state;
    case ItemCall::Condition::kPresent:
      return state.has_value();
    case ItemCall::Condition::kTextIs:
      return state && state->text == call.expected;
  }
  return false;
}

}  // namespace

ItemAnswer apply(const ItemCall& call, ItemState* state) {
  if (call.kind == ItemCall::Kind::kGet) return {false, *state};
  if (!holds(call, *state)) return {true, std::nullopt};
  const ItemState before = *state;
  switch (call.kind) {
    case ItemCall::Kind::kPut:
      *state = ItemValue{call.text, 0};
      return {false, call.quiet ? std::nullopt : before};
    case ItemCall::Kind::kUpdate:
      *state = ItemValue{call.text, before ? before->count + 1 : 1};
      return {false, *state};
    default:
      state->reset();
      return {false, call.quiet ? std::nullopt : before};
  }
}

void ItemModel::explore(const Possibility& from, CallId wanted, const ItemAnswer& answer,
                        std::set<Possibility>* found, std::set<Possibility>* seen) const {
  if (!seen->insert(from).second) return;
  for (const auto& [id, call] : open_) {
    if (from.happened.contains(id)) continue;
    Possibility next = from;
    const ItemAnswer given = apply(call, &next.state);
    if (id == wanted) {
      if (given == answer) found->insert(std::move(next));
      continue;
    }
    next.happened.emplace(id, abandoned_.contains(id) ? ItemAnswer{} : given);
    explore(next, wanted, answer, found, seen);
  }
}

bool ItemModel::answered(CallId id, const ItemAnswer& answer) {
  std::set<Possibility> next;
  std::set<Possibility> seen;
  for (const Possibility& possibility : possible_) {
    const auto happened = possibility.happened.find(id);
    if (happened == possibility.happened.end()) {
      explore(possibility, id, answer, &next, &seen);
    } else if (happened->second == answer) {
      Possibility settled = possibility;
      settled.happened.erase(id);
      next.insert(std::move(settled));
    }
  }
  open_.erase(id);
  possible_ = std::move(next);
  if (!possible_.empty()) return true;
  possible_.insert(Possibility{});
  return false;
}

void ItemModel::refused(CallId id) {
  open_.erase(id);
  std::erase_if(possible_, [id](const Possibility& at) { return at.happened.contains(id); });
  if (possible_.empty()) possible_.insert(Possibility{});
}

void ItemModel::abandoned(CallId id) {
  if (!open_.contains(id)) return;
  abandoned_.insert(id);
  std::set<Possibility> merged;
  for (Possibility possibility : possible_) {
    const auto happened = possibility.happened.find(id);
    if (happened != possibility.happened.end()) happened->second = ItemAnswer{};
    merged.insert(std::move(possibility));
  }
  possible_ = std::move(merged);
}

void ItemModel::process_died() {
  std::set<Possibility> reached;
  // No answer is wanted of any: explore collects what may be on the way.
  for (const Possibility& possibility : possible_) {
    std::set<Possibility> none;
    explore(possibility, UINT64_MAX, {}, &none, &reached);
  }
  possible_.clear();
  for (const Possibility& possibility : reached)
    possible_.insert(Possibility{possibility.state, {}});
  open_.clear();
  abandoned_.clear();
}

void ItemModel::reset() {
  open_.clear();
  abandoned_.clear();
  possible_ = {Possibility{}};
}

std::string ItemModel::text() const {
  std::string text;
  for (const Possibility& possibility : possible_) {
    if (!text.empty()) text += " or ";
    text += possibility.state
                ? fmt::format("{}#{}", possibility.state->text, possibility.state->count)
                : "absent";
  }
  return text;
}

}  // namespace millstream::sim
