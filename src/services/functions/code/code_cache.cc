#include "services/functions/code/code_cache.h"

#include <sys/stat.h>

#include <filesystem>
#include <map>
#include <mutex>
#include <utility>

#include "services/functions/code/zip.h"

namespace millstream::functions {

namespace fs = std::filesystem;

// Kept by what is held, too.
class CodeCache::State : public std::enable_shared_from_this<State> {
 public:
  State(io::BlockingPool& blocking, Random& random, std::string directory)
      : blocking_(blocking), random_(random), directory_(std::move(directory)) {}

  Result<> clear() {
    std::error_code problem;
    fs::remove_all(directory_, problem);
    fs::create_directories(directory_, problem);
    if (!problem) return {};
    return Error{ErrorCode::kIo, "cannot make " + directory_ + ": " + problem.message()};
  }

  CodeDirectory hold(const std::string& code_id) {
    {
      const std::lock_guard lock(mutex_);
      ++packages_[code_id].holders;
    }
    return {new std::string(path_of(code_id)),
            [self = shared_from_this(), code_id](const std::string* path) {
              delete path;
              self->let_go(code_id);
            }};
  }

  [[nodiscard]] bool is_there(const std::string& code_id) const {
    const std::lock_guard lock(mutex_);
    const auto found = packages_.find(code_id);
    return found != packages_.end() && found->second.is_there;
  }

  Result<> unpack(const std::string& code_id, const std::string& zip) {
    Result<> unpacked = unpack_to(path_of(code_id), zip);
    if (!unpacked) return unpacked;
    const std::lock_guard lock(mutex_);
    packages_[code_id].is_there = true;
    return {};
  }

  void retire(const std::string& code_id) {
    const std::lock_guard lock(mutex_);
    const auto found = packages_.find(code_id);
    if (found == packages_.end()) return;
    found->second.retired = true;
    forget_unneeded(found);
  }

  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }

 private:
  struct Package {
    size_t holders = 0;
    bool is_there = false;
    bool retired = false;
  };
  using Packages = std::map<std::string, Package>;

  [[nodiscard]] std::string path_of(const std::string& code_id) const {
    return directory_ + "/" + code_id;
  }

  void let_go(const std::string& code_id) {
    const std::lock_guard lock(mutex_);
    const auto found = packages_.find(code_id);
    --found->second.holders;
    forget_unneeded(found);
  }

  // mutex_ is held.
  void forget_unneeded(Packages::iterator package) {
    const Package& state = package->second;
    if (state.holders > 0 || (state.is_there && !state.retired)) return;
    if (state.is_there && !closed_) {
      blocking_.run([path = path_of(package->first)] {
        // What can't be deleted is at the next start.
        std::error_code ignored;
        fs::remove_all(path, ignored);
      });
    }
    packages_.erase(package);
  }

  Result<> unpack_to(const std::string& path, const std::string& zip) {
    const std::string partial = path + ".partial-" + std::to_string(random_.next_u64());
    std::error_code problem;
    fs::create_directories(partial, problem);
    if (problem) return Error{ErrorCode::kIo, "cannot make " + partial + ": " + problem.message()};
    chmod(partial.c_str(), 0755);
    Result<> unpacked = unzip(zip, partial);
    if (unpacked) {
      fs::rename(partial, path, problem);
      if (!problem) return {};
      // Another one was faster: packages never change, so its result is as good.
      if (!fs::is_directory(path)) {
        unpacked = Error{ErrorCode::kIo, "cannot make " + path + ": " + problem.message()};
      }
    }
    fs::remove_all(partial, problem);
    return unpacked;
  }

  io::BlockingPool& blocking_;  // used until closed_
  Random& random_;
  const std::string directory_;
  mutable std::mutex mutex_;
  Packages packages_;    // guarded by mutex_: those that are there or held
  bool closed_ = false;  // guarded by mutex_
};

CodeCache::CodeCache(io::BlockingPool& blocking, Random& random, std::string directory)
    : state_(std::make_shared<State>(blocking, random, std::move(directory))) {}
CodeCache::~CodeCache() {
  state_->close();
}

Result<> CodeCache::clear() {
  return state_->clear();
}
CodeDirectory CodeCache::hold(const std::string& code_id) {
  return state_->hold(code_id);
}
bool CodeCache::is_there(const std::string& code_id) const {
  return state_->is_there(code_id);
}
Result<> CodeCache::unpack(const std::string& code_id, const std::string& zip) {
  return state_->unpack(code_id, zip);
}
void CodeCache::retire(const std::string& code_id) {
  state_->retire(code_id);
}

}  // namespace millstream::functions
