#include "services/functions/catalogue/catalogue.h"

#include <string_view>
#include <utility>

namespace millstream::functions {
namespace {

Result<Function> parse(std::string_view key, std::string_view value) {
  auto parsed = parse_key(key);
  if (!parsed) return parsed.take_error();
  return parse_function(parsed->address, value);
}

}  // namespace

Catalogue::Catalogue(lanes::Lanes& lanes, std::function<void(const FunctionAddress&)> removed)
    : functions_(lanes, kFunctionPrefix, parse,
                 [removed = std::move(removed)](auto& before, auto& now) {
                   if (!now) removed(before->address());
                 }) {}

Result<> Catalogue::load() {
  return functions_.load();
}

std::shared_ptr<const Function> Catalogue::find(const FunctionAddress& address) const {
  return functions_.find(function_key(address));
}

std::vector<std::shared_ptr<const Function>> Catalogue::list(const std::string& account,
                                                             const std::string& region,
                                                             const std::string& after,
                                                             size_t limit) const {
  return functions_.list_behind(function_key({account, region, ""}), after, limit);
}

std::vector<std::shared_ptr<const Function>> Catalogue::all() const {
  return functions_.list(kFunctionPrefix);
}

}  // namespace millstream::functions
