#pragma once

#include "base/result.h"
#include "services/dynamodb/model/substitutions.h"
#include "services/dynamodb/model/syntax.h"

namespace millstream::dynamodb {

// A condition, filter or key condition, ready to be asked of items. Immutable after it is made;
// refers to the values of the request that it was parsed from.
class Condition {
 public:
  // AWS's error text for whatever is wrong with it. `kind` gives the text its beginning.
  static Result<Condition> parse(std::string_view text, ExpressionKind kind,
                                 Substitutions* substitutions);
  // From a tree that needs no check, whose paths are resolved.
  explicit Condition(Node root) : root_(std::move(root)) {}

  // Whether it holds for `item`; an item that isn't there is an empty one.
  [[nodiscard]] bool holds(const Item& item) const;

  [[nodiscard]] const Node& root() const { return root_; }

 private:
  Node root_;
};

// The paths of a condition, for rules about which attributes it may name.
void collect_paths(const Node& node, std::vector<const DocumentPath*>* paths);

}  // namespace millstream::dynamodb
