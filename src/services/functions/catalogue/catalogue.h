#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "lanes/catalogue.h"
#include "services/functions/catalogue/function.h"

namespace millstream::functions {

// Every function that is durable, in memory: filled at start, then kept true by the lanes'
// observers, before a change's caller goes on. Thread-safe.
class Catalogue {
 public:
  // Registers the observer; before lanes.start(). `removed` is told of deleted functions, on a
  // lane's thread.
  Catalogue(lanes::Lanes& lanes, std::function<void(const FunctionAddress&)> removed);

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
  lanes::Catalogue<Function> functions_;
};

}  // namespace millstream::functions
