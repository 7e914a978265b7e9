#include "services/cloudformation/address.h"

#include <array>

namespace millstream::cloudformation {
namespace {

std::string arn(const StackAddress& stack, std::string_view kind, std::string_view name,
                std::string_view unique) {
  return "arn:aws:cloudformation:" + stack.region + ":" + stack.account + ":" + std::string(kind) +
         "/" + std::string(name) + "/" + std::string(unique);
}

// Region, account, name and unique part of an identifier of that kind.
std::optional<std::array<std::string_view, 4>> parse_arn(std::string_view text,
                                                         std::string_view kind) {
  constexpr std::string_view kPrefix = "arn:aws:cloudformation:";
  if (!text.starts_with(kPrefix)) return std::nullopt;
  text.remove_prefix(kPrefix.size());
  std::array<std::string_view, 4> parts;
  const std::array<char, 3> ends = {':', ':', '/'};
  for (size_t i = 0; i < ends.size(); ++i) {
    const size_t end = text.find(ends[i]);
    if (end == text.npos) return std::nullopt;
    parts[i] = text.substr(0, end);
    text.remove_prefix(end + 1);
  }
  const size_t end = text.find('/');
  if (parts[2] != kind || end == text.npos || text.find('/', end + 1) != text.npos) {
    return std::nullopt;
  }
  return std::array<std::string_view, 4>{parts[0], parts[1], text.substr(0, end),
                                         text.substr(end + 1)};
}

}  // namespace

std::string stack_id(const StackAddress& address) {
  return arn(address, "stack", address.name, address.unique);
}

std::optional<StackAddress> parse_stack_id(std::string_view text) {
  const auto parts = parse_arn(text, "stack");
  if (!parts) return std::nullopt;
  return StackAddress{std::string((*parts)[1]), std::string((*parts)[0]), std::string((*parts)[2]),
                      std::string((*parts)[3])};
}

std::string change_set_id(const StackAddress& stack, std::string_view name,
                          std::string_view unique) {
  return arn(stack, "changeSet", name, unique);
}

ChangeSetName parse_change_set(std::string_view text) {
  const auto parts = parse_arn(text, "changeSet");
  if (!parts) return {std::string(text), {}};
  return {std::string((*parts)[2]), std::string((*parts)[3])};
}

}  // namespace millstream::cloudformation
