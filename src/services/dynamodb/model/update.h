#pragma once

#include <vector>

#include "base/result.h"
#include "services/dynamodb/model/substitutions.h"
#include "services/dynamodb/model/syntax.h"

namespace millstream::dynamodb {

// An UpdateExpression, ready to be applied to items. Immutable after it is made; refers to the
// values of the request that it was parsed from.
class Update {
 public:
  // AWS's error text for whatever is wrong with it.
  static Result<Update> parse(std::string_view text, Substitutions* substitutions);
  // From actions that need no check, whose paths and values are resolved.
  explicit Update(UpdateSyntax syntax) : syntax_(std::move(syntax)) {}

  // The item after the update; values are worked out from `old`. On failure the error is AWS's.
  [[nodiscard]] Result<Item> apply(Item old) const;

  // What it writes to, in the order of writing.
  [[nodiscard]] std::vector<DocumentPath> paths() const;
  [[nodiscard]] const std::vector<UpdateAction>& actions() const { return syntax_.actions; }

 private:
  UpdateSyntax syntax_;
};

}  // namespace millstream::dynamodb
