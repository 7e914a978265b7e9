#pragma once

#include <memory>
#include <string>

#include "base/random.h"
#include "base/result.h"
#include "io/blocking_pool.h"

namespace millstream::functions {

// The path of an unpacked package, which isn't deleted while this is held. May outlive the cache.
using CodeDirectory = std::shared_ptr<const std::string>;

// Unpacked packages, each in a directory of its own below one of the cache's.
//
// Operation: a package stays for the next who needs it, until it is retired because no function
// names it any more; it is deleted then, or when the last who holds it lets go. So the cache is as
// large as the functions that there are, and those that still run.
// Concurrency: thread-safe. Deletes on the blocking pool.
class CodeCache {
 public:
  // What it is given outlives it.
  CodeCache(io::BlockingPool& blocking, Random& random, std::string directory);
  ~CodeCache();  // deletes nothing: the next clear() does

  // Deletes everything. Blocks; before anything else.
  Result<> clear();
  // The place of a package, whether it is there yet or not.
  [[nodiscard]] CodeDirectory hold(const std::string& code_id);
  [[nodiscard]] bool is_there(const std::string& code_id) const;
  // Puts a package there that is held. Fails as unzip does. Blocks.
  Result<> unpack(const std::string& code_id, const std::string& zip);
  // Nobody will ask for the package any more.
  void retire(const std::string& code_id);

 private:
  class State;
  const std::shared_ptr<State> state_;
};

}  // namespace millstream::functions
