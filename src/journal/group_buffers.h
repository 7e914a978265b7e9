#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace millstream::journal {

// The memory of large groups: what nobody reads any more holds the groups to come. Memory that is
// new to the process costs more, in page faults, than all the copying into it.
//
// At most kKeptMax buffers wait here. Thread-safe; what was shared may outlive it.
class GroupBuffers {
 public:
  GroupBuffers();

  // An empty buffer for about `bytes`, which may grow.
  [[nodiscard]] std::string take(size_t bytes);
  // The same bytes for any number of readers, behind the last of whom their memory comes back.
  [[nodiscard]] std::shared_ptr<const std::string> share(std::string bytes);

 private:
  struct Kept {
    std::mutex mutex;
    std::vector<std::string> buffers;  // guarded by the mutex
    void give_back(std::string buffer);
  };
  const std::shared_ptr<Kept> kept_;
};

}  // namespace millstream::journal
