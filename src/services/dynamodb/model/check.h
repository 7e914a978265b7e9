#pragma once

#include <vector>

#include "base/result.h"
#include "services/dynamodb/model/substitutions.h"
#include "services/dynamodb/model/syntax.h"

namespace millstream::dynamodb {

// Judge what the parser read, in AWS's order of findings, and resolve it: #placeholders in paths
// become names, :placeholders point to their values (owned by the request's map), and both count as
// used. On failure the error is AWS's, and the tree is partly resolved.
Result<> check_condition(Node* root, ExpressionKind kind, Substitutions* substitutions);
Result<> check_projection(std::vector<DocumentPath>* paths, Substitutions* substitutions);
Result<> check_update(UpdateSyntax* update, Substitutions* substitutions);

}  // namespace millstream::dynamodb
