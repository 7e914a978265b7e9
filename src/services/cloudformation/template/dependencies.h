#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "services/cloudformation/template/template.h"

namespace millstream::cloudformation {

using Dependencies = std::map<std::string, std::set<std::string>>;

// For every resource the resources that must stand before it: what Ref, Fn::GetAtt, Fn::Sub and
// DependsOn name. The template's functions must have their right form.
Dependencies dependencies(const Template& parsed);

// The names that (through others) depend on themselves.
std::set<std::string> names_in_circles(const Dependencies& dependencies);

// `names` so that each stands behind what it depends on; among those that could come next, the
// earlier one in `names` comes first. Dependencies on names that aren't in `names` don't count. A
// circle's names are left out.
std::vector<std::string> in_order(const std::vector<std::string>& names,
                                  const Dependencies& dependencies);

}  // namespace millstream::cloudformation
