#include "services/dynamodb/model/document_path.h"

#include <algorithm>
#include <map>

namespace millstream::dynamodb {
namespace {

const Value* step_into(const Value& value, const PathStep& step) {
  if (step.is_index()) {
    if (value.type() != ValueType::kL) return nullptr;
    const List& list = value.as_list();
    return static_cast<size_t>(step.index) < list.size() ? &list[static_cast<size_t>(step.index)]
                                                         : nullptr;
  }
  if (value.type() != ValueType::kM) return nullptr;
  const auto found = value.as_map().find(step.name);
  return found == value.as_map().end() ? nullptr : &found->second;
}

// The steps that several paths ask for below one point. An empty tree means all that is there.
struct Wanted {
  std::map<std::string, Wanted> names;
  std::map<int64_t, Wanted> indexes;
};

Wanted wanted_tree(const std::vector<DocumentPath>& paths) {
  Wanted root;
  for (const DocumentPath& path : paths) {
    Wanted* at = &root;
    for (const PathStep& step : path) {
      at = step.is_index() ? &at->indexes[step.index] : &at->names[step.name];
    }
  }
  return root;
}

Item project_map(const Item& item, const Wanted& wanted);

// Nothing when no part of it is wanted. Bounded by the depth of the value.
std::optional<Value> project_value(const Value& value, const Wanted& wanted) {
  if (wanted.names.empty() && wanted.indexes.empty()) return value;
  if (value.type() == ValueType::kM) {
    Item entries = project_map(value.as_map(), wanted);
    if (entries.empty()) return std::nullopt;
    return Value::map(std::move(entries));
  }
  if (value.type() != ValueType::kL) return std::nullopt;
  List elements;
  for (const auto& [index, below] : wanted.indexes) {
    if (static_cast<size_t>(index) >= value.as_list().size()) break;
    auto element = project_value(value.as_list()[static_cast<size_t>(index)], below);
    if (element) elements.push_back(std::move(*element));
  }
  if (elements.empty()) return std::nullopt;
  return Value::list(std::move(elements));
}

Item project_map(const Item& item, const Wanted& wanted) {
  Item result;
  for (const auto& [name, below] : wanted.names) {
    const auto found = item.find(name);
    if (found == item.end()) continue;
    auto value = project_value(found->second, below);
    if (value) result.emplace(name, std::move(*value));
  }
  return result;
}

enum class Relation { kApart, kOverlap, kConflict };

Relation relate(const DocumentPath& one, const DocumentPath& two) {
  for (size_t i = 0; i < one.size() && i < two.size(); ++i) {
    if (one[i].is_index() != two[i].is_index()) return Relation::kConflict;
    if (!(one[i] == two[i])) return Relation::kApart;
  }
  return Relation::kOverlap;
}

}  // namespace

std::string path_text(const DocumentPath& path) {
  std::string text = "[";
  for (const PathStep& step : path) {
    if (text.size() > 1) text += ", ";
    text += step.is_index() ? "[" + std::to_string(step.index) + "]" : step.name;
  }
  return text + "]";
}

const Value* find_value(const Item& item, const DocumentPath& path) {
  const auto found = item.find(path.front().name);
  if (found == item.end()) return nullptr;
  const Value* value = &found->second;
  for (size_t i = 1; i < path.size() && value != nullptr; ++i) value = step_into(*value, path[i]);
  return value;
}

Value* find_parent(Item& item, const DocumentPath& path) {
  const DocumentPath above(path.begin(), path.end() - 1);
  Value* parent = const_cast<Value*>(find_value(item, above));
  if (parent == nullptr) return nullptr;
  return parent->type() == (path.back().is_index() ? ValueType::kL : ValueType::kM) ? parent
                                                                                    : nullptr;
}

std::optional<std::string> find_overlap(const std::vector<const DocumentPath*>& paths) {
  for (size_t second = 1; second < paths.size(); ++second) {
    for (size_t first = 0; first < second; ++first) {
      const Relation relation = relate(*paths[first], *paths[second]);
      if (relation == Relation::kApart) continue;
      return std::string("Two document paths ") +
             (relation == Relation::kOverlap ? "overlap" : "conflict") +
             " with each other; must remove or rewrite one of these paths; path one: " +
             path_text(*paths[first]) + ", path two: " + path_text(*paths[second]);
    }
  }
  return std::nullopt;
}

Item project(const Item& item, const std::vector<DocumentPath>& paths) {
  return project_map(item, wanted_tree(paths));
}

}  // namespace millstream::dynamodb
