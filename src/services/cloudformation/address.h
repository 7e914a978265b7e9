#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace millstream::cloudformation {

// Names one stack for ever: a name used again after a deletion is another stack.
struct StackAddress {
  std::string account;
  std::string region;
  std::string name;
  std::string unique;  // a UUID

  bool operator==(const StackAddress&) const = default;
};

// "arn:aws:cloudformation:<region>:<account>:stack/<name>/<unique>"
std::string stack_id(const StackAddress& address);
// Nothing when `text` isn't the identifier of a stack.
std::optional<StackAddress> parse_stack_id(std::string_view text);

// "arn:aws:cloudformation:<region>:<account>:changeSet/<name>/<unique>"
std::string change_set_id(const StackAddress& stack, std::string_view name,
                          std::string_view unique);
struct ChangeSetName {
  std::string name;
  std::string unique;  // empty when only the name was given
};
// Takes a name or an identifier.
ChangeSetName parse_change_set(std::string_view text);

}  // namespace millstream::cloudformation
