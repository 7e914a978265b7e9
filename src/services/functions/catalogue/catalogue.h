#pragma once

#include <functional>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "lanes/lanes.h"
#include "services/functions/catalogue/function.h"

namespace millstream::functions {

// Every function that is durable, in memory: filled at start, then kept true by the lanes'
// observers, before a change's caller goes on. Thread-safe.
class Catalogue {
 public:
  // Registers the observer; before lanes.start(). `removed` is told of deleted functions, on a
  // lane's thread.
  Catalogue(lanes::Lanes& lanes, std::function<void(const FunctionAddress&)> removed);
  Catalogue(const Catalogue&) = delete;

  // Reads what is stored. Blocks; once, before the first request.
  Result<> load();

  [[nodiscard]] std::shared_ptr<const Function> find(const FunctionAddress& address) const;
  // Functions of an account and region in the order of their names, behind `after`, at most
  // `limit`.
  [[nodiscard]] std::vector<std::shared_ptr<const Function>> list(const std::string& account,
                                                                  const std::string& region,
                                                                  const std::string& after,
                                                                  size_t limit) const;
  [[nodiscard]] std::vector<std::shared_ptr<const Function>> all() const;

 private:
  Result<> apply(std::string_view key, std::optional<std::string_view> value);

  lanes::Lanes& lanes_;
  const std::function<void(const FunctionAddress&)> removed_;
  mutable std::shared_mutex mutex_;
  std::map<FunctionAddress, std::shared_ptr<const Function>> functions_;  // guarded by mutex_
};

}  // namespace millstream::functions
