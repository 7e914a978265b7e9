#pragma once

#include <vector>

#include "base/result.h"
#include "services/dynamodb/model/document_path.h"
#include "services/dynamodb/model/substitutions.h"

namespace millstream::dynamodb {

// Reads a ProjectionExpression into resolved paths for `project`. Fails with AWS's text.
Result<std::vector<DocumentPath>> parse_projection(std::string_view text,
                                                   Substitutions* substitutions);

}  // namespace millstream::dynamodb
