#include "services/cloudformation/template/dependencies.h"

#include <algorithm>

#include "services/cloudformation/template/references.h"

namespace millstream::cloudformation {
namespace {

// Takes away, again and again, the names that depend on none of those left.
std::set<std::string> trim(const Dependencies& dependencies, std::set<std::string> left) {
  for (bool changed = true; changed;) {
    changed =
        std::erase_if(left, [&](const std::string& name) {
          const auto found = dependencies.find(name);
          if (found == dependencies.end()) return true;
          return std::none_of(found->second.begin(), found->second.end(),
                              [&left](const std::string& other) { return left.count(other); });
        }) > 0;
  }
  return left;
}

Dependencies reversed(const Dependencies& dependencies) {
  Dependencies turned;
  for (const auto& [name, others] : dependencies) {
    turned[name];
    for (const std::string& other : others) turned[other].insert(name);
  }
  return turned;
}

}  // namespace

Dependencies dependencies(const Template& parsed) {
  Dependencies all;
  for (const ResourceDeclaration& resource : parsed.resources) {
    std::set<std::string>& own = all[resource.name];
    own.insert(resource.depends_on.begin(), resource.depends_on.end());
    const auto visited =
        visit_references(resource.properties, false, [&](const Reference& reference) -> Result<> {
          if (parsed.resource(reference.name)) own.insert(reference.name);
          return {};
        });
    CHECK(visited.ok());
  }
  return all;
}

std::set<std::string> names_in_circles(const Dependencies& dependencies) {
  std::set<std::string> names;
  for (const auto& [name, others] : dependencies) names.insert(name);
  return trim(reversed(dependencies), trim(dependencies, std::move(names)));
}

std::vector<std::string> in_order(const std::vector<std::string>& names,
                                  const Dependencies& dependencies) {
  std::vector<std::string> waiting = names;
  std::set<std::string> missing(names.begin(), names.end());
  std::vector<std::string> ordered;
  while (!waiting.empty()) {
    const auto next = std::find_if(waiting.begin(), waiting.end(), [&](const std::string& name) {
      const auto found = dependencies.find(name);
      return found == dependencies.end() ||
             std::none_of(found->second.begin(), found->second.end(),
                          [&](const std::string& other) { return missing.count(other); });
    });
    if (next == waiting.end()) return ordered;
    missing.erase(*next);
    ordered.push_back(*next);
    waiting.erase(next);
  }
  return ordered;
}

}  // namespace millstream::cloudformation
