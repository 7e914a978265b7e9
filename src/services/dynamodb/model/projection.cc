#include "services/dynamodb/model/projection.h"

#include "services/dynamodb/model/check.h"
#include "services/dynamodb/model/syntax.h"

namespace millstream::dynamodb {

Result<std::vector<DocumentPath>> parse_projection(std::string_view text,
                                                   Substitutions* substitutions) {
  Result<std::vector<DocumentPath>> paths = parse_projection_syntax(text);
  if (!paths) return paths;
  Result<> checked = check_projection(&*paths, substitutions);
  if (!checked) return checked.take_error();
  return paths;
}

}  // namespace millstream::dynamodb
