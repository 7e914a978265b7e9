#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "base/result.h"
#include "io/executor.h"
#include "io/task.h"
#include "services/functions/code/code_cache.h"

namespace millstream::functions {

// A function as it is run: immutable; every change of code or configuration makes a new one with
// another revision.
struct FunctionVersion {
  std::string account;
  std::string region;
  std::string name;
  std::string arn;
  std::string role_arn;
  std::string runtime;  // "python3.13"
  std::string handler;
  int32_t memory_mb = 128;
  int32_t timeout_s = 3;
  int32_t tmp_mb = 512;
  std::map<std::string, std::string> variables;
  std::string code_id;   // names the code below the function's address
  std::string revision;  // a UUID
};

// Where functions and their code come from. Thread-safe.
class FunctionSource {
 public:
  virtual ~FunctionSource() = default;
  // nullptr if there is no such function.
  [[nodiscard]] virtual std::shared_ptr<const FunctionVersion> find(const std::string& account,
                                                                    const std::string& region,
                                                                    const std::string& name) = 0;
  // The directory that holds the unpacked code, made if it isn't there yet. Goes on on `home`.
  virtual io::Task<Result<CodeDirectory>> code_directory(
      io::Executor& home, std::shared_ptr<const FunctionVersion> version) = 0;
};

}  // namespace millstream::functions
