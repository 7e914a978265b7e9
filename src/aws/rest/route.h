#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/form.h"

namespace millstream::aws {

// A path's labels and their decoded values: {"FunctionName", "f"}.
using RouteLabels = std::vector<std::pair<std::string, std::string>>;

// Matches a raw path ("/2015-03-31/functions/f", still percent-encoded) and its query with a
// model's route ("/2015-03-31/functions/{FunctionName}"; "{Key+}" takes the rest with its slashes;
// behind a
// '?' stands a field that the query must have, "find=LayerVersion"). Nothing if it doesn't match or
// a label is empty or wrongly encoded. A slash at either end of the path makes no difference.
std::optional<RouteLabels> match_route(std::string_view route, std::string_view path,
                                       const FormFields& query);

// How specific a route is, to choose among several that match: literal parts count.
size_t route_weight(std::string_view route);

}  // namespace millstream::aws
