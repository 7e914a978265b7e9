#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace millstream::functions {

enum class IsolationMode {
  kNamespaces,  // own mount, pid, ipc, uts, cgroup and (unless shared) network namespaces
  kProcess,     // a plain child process in a session of its own: for hosts that forbid namespaces
};

// What a sandbox is made of. The server writes it, the child process that becomes the sandbox reads
// it (sandbox/child.h). Paths are absolute.
struct SandboxSpec {
  IsolationMode isolation = IsolationMode::kNamespaces;
  bool user_namespace = false;  // the server isn't root: get the right to isolate from a namespace
  bool own_network = true;
  uint32_t user_id = 0;  // inside; 0 with kProcess: stay who the server is
  uint32_t group_id = 0;
  std::string hostname;

  struct Bind {
    std::string source;  // on the host; a missing one is an error unless `optional`
    std::string target;
    bool optional = false;
  };
  std::vector<Bind> read_only_binds;
  struct Entry {
    std::string path;
    std::string content;  // of a small file, or where a symbolic link points
  };
  std::vector<Entry> files;
  std::vector<Entry> links;
  std::vector<std::string> directories;  // empty ones
  uint64_t tmp_bytes = 512u << 20;

  uint64_t data_bytes_max = 0;  // RLIMIT_DATA; 0: a cgroup limits the memory
  uint64_t processes_max = 1024;
  uint64_t open_files_max = 1024;

  std::vector<std::string> arguments;    // arguments[0] is the program's path, seen from inside
  std::vector<std::string> environment;  // "NAME=value"
  std::string working_directory;
};

// Ports of the two listeners inside a network namespace of its own; elsewhere the system chooses.
inline constexpr uint16_t kRuntimeApiPort = 9001;
inline constexpr uint16_t kAwsEndpointPort = 4566;

// In `environment`, these texts stand for the listeners' addresses ("127.0.0.1:9001").
inline constexpr std::string_view kRuntimeApiPlaceholder = "{runtime-api}";
inline constexpr std::string_view kAwsEndpointPlaceholder = "{aws-endpoint}";

std::string encode_spec(const SandboxSpec& spec);
Result<SandboxSpec> decode_spec(std::string_view text);

}  // namespace millstream::functions
