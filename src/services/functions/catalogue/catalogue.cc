#include "services/functions/catalogue/catalogue.h"

#include <mutex>
#include <utility>

namespace millstream::functions {

Catalogue::Catalogue(lanes::Lanes& lanes, std::function<void(const FunctionAddress&)> removed)
    : lanes_(lanes), removed_(std::move(removed)) {
  lanes.observe(std::string(kFunctionPrefix), [this](auto key, auto value) {
    // Written by this process a moment ago, so it can be read.
    CHECK(apply(key, value).ok());
  });
}

Result<> Catalogue::load() {
  return lanes_.scan_now(kFunctionPrefix, lanes::prefix_end(kFunctionPrefix),
                         [this](auto key, auto value) { return apply(key, value); });
}

Result<> Catalogue::apply(std::string_view key, std::optional<std::string_view> value) {
  auto parsed = parse_key(key);
  if (!parsed) return parsed.take_error();
  if (!value) {
    {
      const std::unique_lock lock(mutex_);
      functions_.erase(parsed->address);
    }
    removed_(parsed->address);
    return {};
  }
  auto function = parse_function(parsed->address, *value);
  if (!function) return function.take_error();
  auto shared = std::make_shared<const Function>(function.take());
  const std::unique_lock lock(mutex_);
  functions_[std::move(parsed->address)] = std::move(shared);
  return {};
}

std::shared_ptr<const Function> Catalogue::find(const FunctionAddress& address) const {
  const std::shared_lock lock(mutex_);
  const auto found = functions_.find(address);
  return found == functions_.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<const Function>> Catalogue::list(const std::string& account,
                                                             const std::string& region,
                                                             const std::string& after,
                                                             size_t limit) const {
  std::vector<std::shared_ptr<const Function>> found;
  const std::shared_lock lock(mutex_);
  for (auto at = functions_.upper_bound({account, region, after}); at != functions_.end(); ++at) {
    const FunctionAddress& address = at->first;
    if (address.account != account || address.region != region || found.size() == limit) break;
    found.push_back(at->second);
  }
  return found;
}

std::vector<std::shared_ptr<const Function>> Catalogue::all() const {
  std::vector<std::shared_ptr<const Function>> found;
  const std::shared_lock lock(mutex_);
  for (const auto& [address, function] : functions_) found.push_back(function);
  return found;
}

}  // namespace millstream::functions
