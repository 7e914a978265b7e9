#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "services/cloudformation/address.h"

namespace millstream::cloudformation {

// The keys of the space 'c' (docs/formats/state/cloudformation.md). All keys of one stack name
// stand in one lane, that of hash_of; all exports of an account and region in that of export_hash.
uint64_t hash_of(std::string_view account, std::string_view region, std::string_view name);
uint64_t export_hash(std::string_view account, std::string_view region);

// The stack that bears the name now.
std::string name_key(std::string_view account, std::string_view region, std::string_view name);
std::string stack_key(const StackAddress& stack);
// What every stack key of an account and region begins with; of all when both are empty.
std::string stacks_prefix(std::string_view account, std::string_view region);

enum class TemplateRole { kCurrent, kPrevious };
std::string template_key(const StackAddress& stack, TemplateRole role);
std::string resource_key(const StackAddress& stack, std::string_view logical_id);
std::string resources_prefix(const StackAddress& stack);
std::string event_key(const StackAddress& stack, uint64_t sequence);
std::string events_prefix(const StackAddress& stack);
std::string change_set_key(const StackAddress& stack, std::string_view name,
                           std::string_view unique);
std::string change_sets_prefix(const StackAddress& stack);
std::string export_key(std::string_view account, std::string_view region, std::string_view name);
std::string exports_prefix(std::string_view account, std::string_view region);

}  // namespace millstream::cloudformation
