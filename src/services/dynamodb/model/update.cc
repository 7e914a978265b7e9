#include "services/dynamodb/model/update.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>

#include "services/dynamodb/model/check.h"

namespace millstream::dynamodb {
namespace {

using Kind = Node::Kind;

constexpr std::string_view kWrongType =
    "An operand in the update expression has an incorrect data type";
constexpr std::string_view kMissing =
    "The provided expression refers to an attribute that does not exist in the item";
constexpr std::string_view kInvalidPath =
    "The document path provided in the update expression is invalid for update";

Error invalid(std::string_view message) {
  return {ErrorCode::kInvalidArgument, std::string(message)};
}

// ---- What an action writes, worked out from the item as it was.

Result<Value> assigned_value(const Node& wrapped, const Item& old);

Result<Value> arithmetic(const Node& node, const Item& old) {
  Result<Value> left = assigned_value(node.children[0], old);
  if (!left) return left;
  Result<Value> right = assigned_value(node.children[1], old);
  if (!right) return right;
  if (left->type() != ValueType::kN || right->type() != ValueType::kN) return invalid(kWrongType);
  Result<Number> result = node.text == "+"
                              ? Number::add(left->as_number(), right->as_number())
                              : Number::subtract(left->as_number(), right->as_number());
  if (!result) return result.take_error();
  return Value::number(*result);
}

Result<Value> list_append(const Node& node, const Item& old) {
  Result<Value> left = assigned_value(node.children[0], old);
  if (!left) return left;
  Result<Value> right = assigned_value(node.children[1], old);
  if (!right) return right;
  if (left->type() != ValueType::kL || right->type() != ValueType::kL) return invalid(kWrongType);
  List& elements = left->as_list();
  elements.insert(elements.end(), right->as_list().begin(), right->as_list().end());
  return left;
}

Result<Value> assigned_value(const Node& wrapped, const Item& old) {
  const Node& node = inside(wrapped);
  if (node.kind == Kind::kValue) return *node.value;
  if (node.kind == Kind::kArithmetic) return arithmetic(node, old);
  if (node.kind == Kind::kCall && node.text == "list_append") return list_append(node, old);
  const bool has_default = node.kind == Kind::kCall;  // if_not_exists
  const Value* present = find_value(old, has_default ? inside(node.children[0]).path : node.path);
  if (present != nullptr) return *present;
  if (has_default) return assigned_value(node.children[1], old);
  return invalid(kMissing);
}

template <class Set>
Set united(const Set& left, const Set& right) {
  Set result;
  std::set_union(left.begin(), left.end(), right.begin(), right.end(), std::back_inserter(result));
  return result;
}
template <class Set>
Set without(const Set& left, const Set& right) {
  Set result;
  std::set_difference(left.begin(), left.end(), right.begin(), right.end(),
                      std::back_inserter(result));
  return result;
}

// A number added, or sets united, or (only from legacy parameters) lists joined.
Result<Value> added_value(const Value* old, const Value& operand) {
  if (old == nullptr) return operand;
  if (old->type() != operand.type()) return invalid(kWrongType);
  switch (operand.type()) {
    case ValueType::kN: {
      Result<Number> sum = Number::add(old->as_number(), operand.as_number());
      if (!sum) return sum.take_error();
      return Value::number(*sum);
    }
    case ValueType::kSS:
      return Value::string_set(united(old->as_string_set(), operand.as_string_set()));
    case ValueType::kNS:
      return Value::number_set(united(old->as_number_set(), operand.as_number_set()));
    case ValueType::kBS:
      return Value::binary_set(united(old->as_binary_set(), operand.as_binary_set()));
    case ValueType::kL: {
      List joined = old->as_list();
      joined.insert(joined.end(), operand.as_list().begin(), operand.as_list().end());
      return Value::list(std::move(joined));
    }
    default:
      return invalid(kWrongType);
  }
}

// What remains of a set; nothing when nothing does, for there are no empty sets.
Result<std::optional<Value>> remaining_value(const Value& old, const Value& operand) {
  if (old.type() != operand.type()) return invalid(kWrongType);
  std::optional<Value> left;
  if (old.type() == ValueType::kSS) {
    StringSet set = without(old.as_string_set(), operand.as_string_set());
    if (!set.empty()) left = Value::string_set(std::move(set));
  } else if (old.type() == ValueType::kNS) {
    NumberSet set = without(old.as_number_set(), operand.as_number_set());
    if (!set.empty()) left = Value::number_set(std::move(set));
  } else {
    BinarySet set = without(old.as_binary_set(), operand.as_binary_set());
    if (!set.empty()) left = Value::binary_set(std::move(set));
  }
  return left;
}

// One change to make: a value to put at the path, or nothing to take it away.
struct Write {
  const DocumentPath* path;
  std::optional<Value> value;
};

Result<Write> work_out(const UpdateAction& action, const Item& old) {
  Write write{&action.path, std::nullopt};
  if (action.kind == UpdateAction::Kind::kRemove) return write;
  const Node& operand = action.operand.front();
  if (action.kind == UpdateAction::Kind::kSet) {
    Result<Value> value = assigned_value(operand, old);
    if (!value) return value.take_error();
    write.value = value.take();
    return write;
  }
  const Value* present = find_value(old, action.path);
  if (action.kind == UpdateAction::Kind::kAdd) {
    Result<Value> value = added_value(present, *operand.value);
    if (!value) return value.take_error();
    write.value = value.take();
  } else if (present != nullptr) {
    Result<std::optional<Value>> left = remaining_value(*present, *operand.value);
    if (!left) return left.take_error();
    write.value = left.take();
  }
  return write;
}

// ---- Where it writes.

enum class Place { kWritable, kAbsent, kWrongKind };

Place place_of(const DocumentPath& path, Item& item) {
  if (path.size() == 1 || find_parent(item, path) != nullptr) return Place::kWritable;
  const DocumentPath above(path.begin(), path.end() - 1);
  return find_value(item, above) == nullptr ? Place::kAbsent : Place::kWrongKind;
}

// The changes to one list, by the positions that its elements had before.
struct ListChanges {
  std::map<int64_t, Write*> by_index;

  void make(List* list) {
    List changed;
    const auto size = static_cast<int64_t>(list->size());
    for (int64_t i = 0; i < size; ++i) {
      const auto found = by_index.find(i);
      if (found == by_index.end()) {
        changed.push_back(std::move((*list)[static_cast<size_t>(i)]));
      } else if (found->second->value) {
        changed.push_back(std::move(*found->second->value));
      }
    }
    // Past the end there are no gaps: new elements close up in the order of their indexes.
    for (auto past = by_index.lower_bound(size); past != by_index.end(); ++past) {
      if (past->second->value) changed.push_back(std::move(*past->second->value));
    }
    *list = std::move(changed);
  }
};

void write_map(Item* map, const std::string& name, Write* write) {
  if (write->value) {
    map->insert_or_assign(name, std::move(*write->value));
  } else {
    map->erase(name);
  }
}

Result<> check_nesting(const std::vector<Write>& writes) {
  for (const Write& write : writes) {
    if (!write.value) continue;
    const auto above = static_cast<int>(write.path->size()) - 1;
    if (above + nesting_levels(*write.value) > Value::kNestingMax) return invalid(kNestingMessage);
  }
  return {};
}

// Every path was found writable, and none is within another, so that the order doesn't matter; only
// lists wait for the end, because their elements move.
Item make_changes(std::vector<Write> writes, Item item) {
  std::map<List*, ListChanges> lists;
  for (Write& write : writes) {
    const PathStep& last = write.path->back();
    if (write.path->size() == 1) {
      write_map(&item, last.name, &write);
      continue;
    }
    Value* parent = find_parent(item, *write.path);
    CHECK(parent != nullptr);
    if (last.is_index()) {
      lists[&parent->as_list()].by_index[last.index] = &write;
    } else {
      write_map(&parent->as_map(), last.name, &write);
    }
  }
  // An inner list may live inside an element of an outer one: change the inner ones first. Inner
  // lists have longer paths, and a list that is moved keeps the address of its elements.
  std::vector<std::pair<size_t, List*>> order;
  for (auto& [list, changes] : lists) {
    order.emplace_back(changes.by_index.begin()->second->path->size(), list);
  }
  std::sort(order.begin(), order.end(), std::greater<>());
  for (const auto& [depth, list] : order) lists[list].make(list);
  return item;
}

}  // namespace

Result<Update> Update::parse(std::string_view text, Substitutions* substitutions) {
  Result<UpdateSyntax> syntax = parse_update_syntax(text);
  if (!syntax) return syntax.take_error();
  Result<> checked = check_update(&*syntax, substitutions);
  if (!checked) return checked.take_error();
  return Update(syntax.take());
}

std::vector<DocumentPath> Update::paths() const {
  std::vector<DocumentPath> paths;
  for (const UpdateAction& action : syntax_.actions) paths.push_back(action.path);
  return paths;
}

// AWS's order of findings: a parent of the wrong kind, a wrong type, then (from the last section to
// the first) a parent that isn't there and an attribute that isn't there.
Result<Item> Update::apply(Item old) const {
  for (const UpdateAction& action : syntax_.actions) {
    if (place_of(action.path, old) == Place::kWrongKind) return invalid(kInvalidPath);
  }
  std::vector<Write> writes;
  std::vector<std::optional<Error>> failures;
  for (const UpdateAction& action : syntax_.actions) {
    Result<Write> write = work_out(action, old);
    if (!write && write.error().message == kWrongType) return write.take_error();
    failures.push_back(write ? std::nullopt : std::optional(write.error()));
    writes.push_back(write ? write.take() : Write{&action.path, std::nullopt});
  }
  for (size_t section = syntax_.sections.size(); section-- > 0;) {
    for (const UpdateAction& action : syntax_.actions) {
      if (action.section == section && place_of(action.path, old) != Place::kWritable) {
        return invalid(kInvalidPath);
      }
    }
    for (size_t i = 0; i < failures.size(); ++i) {
      if (syntax_.actions[i].section == section && failures[i]) return std::move(*failures[i]);
    }
  }
  Result<> nesting = check_nesting(writes);
  if (!nesting) return nesting.take_error();
  return make_changes(std::move(writes), std::move(old));
}

}  // namespace millstream::dynamodb
