#include "services/functions/runtimes/interpreter_probe.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "base/unique_fd.h"

namespace millstream::functions {
namespace {

constexpr int kAnswerTimeoutMs = 10'000;
// Each prints the version and the directory tree that the interpreter needs, a line each.
constexpr const char* kAskPython =
    "import sys; print('%d.%d.%d' % sys.version_info[:3]); print(sys.base_prefix)";
constexpr const char* kAskNode =
    "console.log(process.versions.node + '\\n' + "
    "require('path').dirname(require('path').dirname(process.execPath)))";

std::string read_answer(int pipe) {
  std::string answer;
  for (;;) {
    pollfd watched{pipe, POLLIN, 0};
    if (poll(&watched, 1, kAnswerTimeoutMs) <= 0) return {};
    char bytes[4096];
    const ssize_t got = read(pipe, bytes, sizeof bytes);
    if (got <= 0) return answer;
    answer.append(bytes, static_cast<size_t>(got));
  }
}

// What the program prints, or nothing unless it ends well.
std::string ask(const std::string& program, const char* option, const char* question) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return {};
  const UniqueFd reader(ends[0]);
  UniqueFd writer(ends[1]);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, writer.get(), STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  std::string name = program;
  std::string first = option;
  std::string second = question;
  char* arguments[] = {name.data(), first.data(), second.data(), nullptr};
  pid_t process = -1;
  const int problem = posix_spawn(&process, program.c_str(), &actions, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (problem != 0) return {};
  writer.reset();
  std::string answer = read_answer(reader.get());
  if (answer.empty()) kill(process, SIGKILL);
  int status = 0;
  if (waitpid(process, &status, 0) != process || status != 0) return {};
  return answer;
}

std::optional<Interpreter> read_interpreter(RuntimeFamily family, const std::string& program,
                                            const std::string& answer) {
  Interpreter found;
  found.family = family;
  std::istringstream lines(answer);
  std::string prefix;
  if (!std::getline(lines, found.version) || !std::getline(lines, prefix)) return std::nullopt;
  const char* end = found.version.data() + found.version.size();
  const auto [dot, problem] = std::from_chars(found.version.data(), end, found.number.major);
  if (problem != std::errc() || dot == end) return std::nullopt;
  if (family == RuntimeFamily::kPython) {
    const auto minor = std::from_chars(dot + 1, end, found.number.minor);
    if (minor.ec != std::errc()) return std::nullopt;
  }
  std::error_code missing;
  found.program = std::filesystem::canonical(program, missing);
  if (missing) return std::nullopt;
  prefix = std::filesystem::canonical(prefix, missing);
  if (missing) return std::nullopt;
  if (prefix != "/usr" && !prefix.starts_with("/usr/")) found.prefix = prefix;
  return found;
}

}  // namespace

std::optional<Interpreter> probe_interpreter(const std::string& program) {
  const std::string name = std::filesystem::path(program).filename();
  const bool python = name.starts_with("python");
  const std::string answer = python ? ask(program, "-c", kAskPython) : ask(program, "-e", kAskNode);
  if (answer.empty()) return std::nullopt;
  return read_interpreter(python ? RuntimeFamily::kPython : RuntimeFamily::kNodejs, program,
                          answer);
}

}  // namespace millstream::functions
