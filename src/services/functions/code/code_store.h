#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "io/blocking_pool.h"
#include "io/task.h"
#include "lanes/lanes.h"
#include "services/functions/catalogue/function.h"
#include "services/functions/code/code_cache.h"

namespace millstream::functions {

// Functions' packages: durable as chunks in the function's lane, and unpacked in a cache that is
// made anew at every start.
//
// A package is written before the function's document names it and erased with the document that
// named it, from the cache as well; what a crash in between leaves is erased at the next start.
// Packages never change. Thread-safe.
class CodeStore {
 public:
  // Registers an observer; before lanes.start().
  CodeStore(lanes::Lanes& lanes, Random& random, io::BlockingPool& blocking, std::string directory);

  // Empties the cache, and has the packages that no function in `functions` names erased on `home`.
  // Blocks.
  Result<> start(io::Executor& home, const std::vector<std::shared_ptr<const Function>>& functions);

  // Unpacks a package into the cache and stores it durably; gives its id. Fails as unzip does; what
  // was stored by then is erased.
  io::Task<Result<std::string>> add(io::Executor& home, FunctionAddress address, std::string zip);
  // Erases a package: part of the transaction that takes its name away.
  static Result<> erase(lanes::Transaction& transaction, const FunctionAddress& address,
                        const std::string& code_id);

  // The unpacked package.
  io::Task<Result<CodeDirectory>> directory(io::Executor& home, FunctionAddress address,
                                            std::string code_id);
  // The package as it was uploaded.
  io::Task<Result<std::string>> read(io::Executor& home, FunctionAddress address,
                                     std::string code_id);

 private:
  [[nodiscard]] lanes::LaneId lane_of(const FunctionAddress& address) const;
  io::Task<Result<>> store(io::Executor& home, FunctionAddress address, std::string code_id,
                           const std::string& zip);
  io::Task<Result<>> unpack(io::Executor& home, std::string code_id, const std::string& zip);
  io::Task<> erase_abandoned(io::Executor& home, FunctionAddress address, std::string code_id);

  lanes::Lanes& lanes_;
  Random& random_;
  io::BlockingPool& blocking_;
  CodeCache cache_;
};

}  // namespace millstream::functions
