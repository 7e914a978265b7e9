#include "services/functions/environments/launch_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/hex.h"
#include "services/functions/sandbox/probe.h"

namespace millstream::functions {
namespace {

// More users than environments can live at once.
constexpr uint32_t kSandboxUsers = 60'000;
constexpr const char* kKeyAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr const char* kSecretAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

// Node keeps a part of the memory for itself, outside its heap.
int32_t heap_megabytes(int32_t memory_mb) {
  return memory_mb * 9 / 10;
}

}  // namespace

struct Launcher::Places {
  std::string task;
  std::string runtime;
  std::string bootstrap_python;
  std::string bootstrap_node;
  std::string python_packages;
  std::string node_modules;
};

Launcher::Launcher(LauncherOptions options, RuntimeCatalog& runtimes, const Clock& clock,
                   Random& random)
    : options_(std::move(options)), runtimes_(runtimes), clock_(clock), random_(random) {}

Launcher::Places Launcher::places(const std::string& code_directory) const {
  if (options_.isolation == IsolationMode::kNamespaces) {
    return {"/var/task",
            "/var/runtime",
            "/var/runtime/bootstrap.py",
            "/var/runtime/bootstrap.mjs",
            "/var/runtime/python-packages",
            "/var/runtime/node_modules"};
  }
  return {code_directory,
          options_.runtime_directory,
          options_.runtime_directory + "/python/bootstrap.py",
          options_.runtime_directory + "/nodejs/bootstrap.mjs",
          options_.python_packages,
          options_.node_modules};
}

Result<LaunchPlan> Launcher::plan(const FunctionVersion& version,
                                  const CodeDirectory& code_directory) {
  const RuntimeName* name = find_runtime_name(version.runtime);
  if (!name) return Error{ErrorCode::kUnsupported, "unknown runtime " + version.runtime};
  const RuntimeMapping mapping = runtimes_.map(*name);
  if (!mapping.warning.empty()) warn_once(mapping.warning);
  if (!mapping.interpreter) return Error{ErrorCode::kNotFound, mapping.warning};
  const Interpreter& interpreter = *mapping.interpreter;
  const bool python = name->family == RuntimeFamily::kPython;

  LaunchPlan plan;
  plan.runtime_version = (python ? "python:" : "nodejs:") + interpreter.version;
  plan.credentials = credentials(version);
  unsigned char id[16];
  random_.fill(id, sizeof id);
  plan.log_target = {
      version.account, version.region, "/aws/lambda/" + version.name,
      log_stream_name(clock_.wall_ms(), to_hex({reinterpret_cast<const char*>(id), sizeof id}))};
  plan.code_directory = code_directory;
  const Places where = places(*code_directory);
  SandboxSpec& spec = plan.spec;
  add_file_system(version, interpreter, *code_directory, &spec);
  spec.working_directory = where.task;
  spec.environment = environment(version, plan, where);
  if (python) {
    spec.arguments = {interpreter.program, "-s", "-B", where.bootstrap_python};
    if (!options_.python_packages.empty()) spec.arguments.push_back(where.python_packages);
  } else {
    spec.arguments = {interpreter.program, "--max-http-header-size=81920",
                      fmt::format("--max-old-space-size={}", heap_megabytes(version.memory_mb)),
                      where.bootstrap_node};
  }
  return plan;
}

void Launcher::add_file_system(const FunctionVersion& version, const Interpreter& interpreter,
                               const std::string& code_directory, SandboxSpec* spec) {
  spec->isolation = options_.isolation;
  spec->own_network = options_.own_network;
  spec->user_namespace = options_.user_namespace;
  if (options_.isolation == IsolationMode::kProcess) return;
  spec->user_id = kSandboxUserBase + next_user_++ % kSandboxUsers;
  spec->group_id = spec->user_id;
  spec->hostname = "function";
  spec->tmp_bytes = static_cast<uint64_t>(version.tmp_mb) << 20;
  add_common_root(options_.own_network, spec);
  std::erase(spec->directories, "/var/task");
  auto bind = [spec](const std::string& source, const std::string& target) {
    spec->read_only_binds.push_back({source, target, false});
  };
  bind(code_directory, "/var/task");
  bind(options_.runtime_directory + "/python/bootstrap.py", "/var/runtime/bootstrap.py");
  bind(options_.runtime_directory + "/nodejs/bootstrap.mjs", "/var/runtime/bootstrap.mjs");
  if (!interpreter.prefix.empty()) bind(interpreter.prefix, interpreter.prefix);
  if (interpreter.family == RuntimeFamily::kPython && !options_.python_packages.empty()) {
    bind(options_.python_packages, "/var/runtime/python-packages");
  }
  if (interpreter.family == RuntimeFamily::kNodejs && !options_.node_modules.empty()) {
    bind(options_.node_modules, "/var/runtime/node_modules");
    // ES modules don't look at NODE_PATH; they climb from /var/task to the root.
    spec->links.push_back({"/node_modules", "/var/runtime/node_modules"});
  }
}

std::vector<std::string> Launcher::environment(const FunctionVersion& version,
                                               const LaunchPlan& plan, const Places& places) const {
  std::map<std::string, std::string> variables = {
      {"PATH", "/usr/local/bin:/usr/bin:/bin:/opt/bin"},
      {"LANG", "C.UTF-8"},
      {"TZ", ":UTC"},
      {"AWS_ENDPOINT_URL", fmt::format("http://{}", kAwsEndpointPlaceholder)},
      {"NODE_PATH",
       fmt::format("/opt/nodejs/node_modules:{}:{}", places.node_modules, places.task)},
      {"LD_LIBRARY_PATH",
       fmt::format("{0}:{0}/lib:{1}:{1}/lib:/opt/lib", places.runtime, places.task)},
  };
  for (const auto& [name, value] : version.variables) variables[name] = value;
  const std::map<std::string, std::string> reserved = {
      {"_HANDLER", version.handler},
      {"AWS_REGION", version.region},
      {"AWS_DEFAULT_REGION", version.region},
      {"AWS_EXECUTION_ENV", "AWS_Lambda_" + version.runtime},
      {"AWS_LAMBDA_FUNCTION_NAME", version.name},
      {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", std::to_string(version.memory_mb)},
      {"AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"},
      {"AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"},
      {"AWS_LAMBDA_LOG_GROUP_NAME", plan.log_target.log_group},
      {"AWS_LAMBDA_LOG_STREAM_NAME", plan.log_target.log_stream},
      {"AWS_LAMBDA_LOG_FORMAT", "Text"},
      {"AWS_LAMBDA_RUNTIME_API", std::string(kRuntimeApiPlaceholder)},
      {"AWS_ACCESS_KEY_ID", plan.credentials.access_key_id},
      {"AWS_SECRET_ACCESS_KEY", plan.credentials.secret_access_key},
      {"AWS_SESSION_TOKEN", plan.credentials.session_token},
      {"LAMBDA_TASK_ROOT", places.task},
      {"LAMBDA_RUNTIME_DIR", places.runtime},
  };
  for (const auto& [name, value] : reserved) variables[name] = value;
  std::vector<std::string> list;
  for (const auto& [name, value] : variables) list.push_back(fmt::format("{}={}", name, value));
  return list;
}

EnvironmentCredentials Launcher::credentials(const FunctionVersion& version) const {
  const size_t slash = version.role_arn.rfind('/');
  const std::string role =
      slash == std::string::npos ? version.role_arn : version.role_arn.substr(slash + 1);
  return {"ASIA" + random_.text(16, kKeyAlphabet),
          random_.text(40, kSecretAlphabet),
          random_.text(240, kSecretAlphabet),
          version.account,
          version.region,
          fmt::format("arn:aws:sts::{}:assumed-role/{}/{}", version.account, role, version.name)};
}

void Launcher::warn_once(const std::string& sentence) {
  {
    const std::lock_guard lock(mutex_);
    if (!warned_.insert(sentence).second) return;
  }
  if (options_.warn) options_.warn(sentence);
}

}  // namespace millstream::functions
