#include "aws/rest/route.h"

#include "base/utf8.h"

namespace millstream::aws {

namespace {

std::string_view without_outer_slashes(std::string_view path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  if (path.ends_with('/')) path.remove_suffix(1);
  return path;
}

// Takes the part up to the next slash off the front.
std::string_view take_part(std::string_view* path) {
  const std::string_view part = path->substr(0, path->find('/'));
  path->remove_prefix(part.size() == path->size() ? part.size() : part.size() + 1);
  return part;
}

bool add_label(std::string_view name, std::string_view text, RouteLabels* labels) {
  auto value = percent_decode(text, false);
  if (!value || value->empty() || !is_utf8(*value)) return false;
  labels->emplace_back(std::string(name), std::move(*value));
  return true;
}

// "find=LayerVersion", or "acl" alone.
bool query_has(const FormFields& query, std::string_view field) {
  const size_t equals = field.find('=');
  const std::string* value = find_field(query, field.substr(0, equals));
  return value && (equals == field.npos || *value == field.substr(equals + 1));
}

}  // namespace

std::optional<RouteLabels> match_route(std::string_view route, std::string_view path,
                                       const FormFields& query) {
  if (const size_t question = route.find('?'); question != route.npos) {
    if (!query_has(query, route.substr(question + 1))) return std::nullopt;
    route = route.substr(0, question);
  }
  route = without_outer_slashes(route);
  path = without_outer_slashes(path);
  RouteLabels labels;
  while (!route.empty()) {
    const std::string_view expected = take_part(&route);
    if (path.empty()) return std::nullopt;
    if (!expected.starts_with('{')) {
      if (take_part(&path) != expected) return std::nullopt;
      continue;
    }
    const bool greedy = expected.ends_with("+}");
    const std::string_view name = expected.substr(1, expected.size() - (greedy ? 3 : 2));
    if (!add_label(name, greedy ? path : take_part(&path), &labels)) return std::nullopt;
    if (greedy) path = {};
  }
  if (!path.empty()) return std::nullopt;
  return labels;
}

size_t route_weight(std::string_view route) {
  const size_t question = route.find('?');
  size_t weight = question == route.npos ? 0 : 1000;
  route = without_outer_slashes(route.substr(0, question));
  while (!route.empty()) weight += take_part(&route).starts_with('{') ? 1 : 1000;
  return weight;
}

}  // namespace millstream::aws
