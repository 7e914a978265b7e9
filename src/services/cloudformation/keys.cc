#include "services/cloudformation/keys.h"

#include "base/coding.h"
#include "base/digest.h"

namespace millstream::cloudformation {
namespace {

std::string scoped(std::string_view kind, std::string_view account, std::string_view region) {
  std::string key = "c";
  key.append(kind).append(account).append("/").append(region).append("/");
  return key;
}

std::string below(std::string_view kind, const StackAddress& stack) {
  std::string key = scoped(kind, stack.account, stack.region);
  return key.append(stack.name).append("/").append(stack.unique);
}

}  // namespace

uint64_t hash_of(std::string_view account, std::string_view region, std::string_view name) {
  return stable_hash(name_key(account, region, name));
}

uint64_t export_hash(std::string_view account, std::string_view region) {
  return stable_hash(exports_prefix(account, region));
}

std::string name_key(std::string_view account, std::string_view region, std::string_view name) {
  return scoped("n", account, region).append(name);
}

std::string stack_key(const StackAddress& stack) {
  return below("s", stack);
}

std::string stacks_prefix(std::string_view account, std::string_view region) {
  return account.empty() ? "cs" : scoped("s", account, region);
}

std::string template_key(const StackAddress& stack, TemplateRole role) {
  return below("t", stack) + (role == TemplateRole::kCurrent ? "/current" : "/previous");
}

std::string resource_key(const StackAddress& stack, std::string_view logical_id) {
  return resources_prefix(stack).append(logical_id);
}

std::string resources_prefix(const StackAddress& stack) {
  return below("r", stack) + "/";
}

std::string event_key(const StackAddress& stack, uint64_t sequence) {
  std::string key = events_prefix(stack);
  append_big(sequence, &key);
  return key;
}

std::string events_prefix(const StackAddress& stack) {
  return below("e", stack) + "/";
}

std::string change_set_key(const StackAddress& stack, std::string_view name,
                           std::string_view unique) {
  return change_sets_prefix(stack).append(name).append("/").append(unique);
}

std::string change_sets_prefix(const StackAddress& stack) {
  return below("g", stack) + "/";
}

std::string export_key(std::string_view account, std::string_view region, std::string_view name) {
  return exports_prefix(account, region).append(name);
}

std::string exports_prefix(std::string_view account, std::string_view region) {
  return scoped("x", account, region);
}

}  // namespace millstream::cloudformation
