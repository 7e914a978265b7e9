#include "services/functions/sandbox/init.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/unique_fd.h"
#include "services/functions/sandbox/channel.h"
#include "services/functions/sandbox/child.h"
#include "services/functions/sandbox/identity.h"
#include "services/functions/sandbox/root.h"
#include "services/functions/sandbox/seccomp_filter.h"

namespace millstream::functions {
namespace {

constexpr int kProgramNotStarted = 127;

Result<> prepare(const SandboxSpec& spec) {
  if (spec.isolation == IsolationMode::kNamespaces) {
    if (auto entered = enter_root(spec); !entered) return entered;
  } else {
    // Orphans come to this process rather than to the host's first one, so it can kill them.
    if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0) {
      return errno_error(errno, "cannot become a subreaper");
    }
  }
  if (setsid() < 0) return errno_error(errno, "cannot start a session");
  if (chdir(spec.working_directory.c_str()) != 0) {
    return errno_error(errno, "cannot enter " + spec.working_directory);
  }
  if (auto set = set_process_limits(spec); !set) return set;
  if (auto dropped = drop_privileges(spec); !dropped) return dropped;
  return install_seccomp_filter();
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> list;
  list.reserve(texts.size() + 1);
  for (const auto& text : texts) list.push_back(const_cast<char*>(text.c_str()));
  list.push_back(nullptr);
  return list;
}

[[noreturn]] void become_program(const SandboxSpec& spec) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  close(kSandboxChannel);
  const auto arguments = pointers(spec.arguments);
  const auto environment = pointers(spec.environment);
  execve(arguments[0], arguments.data(), environment.data());
  dprintf(STDERR_FILENO, "cannot start %s: %m\n", spec.arguments[0].c_str());
  _exit(kProgramNotStarted);
}

// Collects what has died; the program's wait status when it was among them, else -1.
int collect(pid_t program) {
  int program_status = -1;
  for (;;) {
    int status = 0;
    const pid_t dead = waitpid(-1, &status, WNOHANG);
    if (dead <= 0) return program_status;
    if (dead == program) program_status = status;
  }
}

// Waits for the program's end or the server's. Returns the wait status, or -1 for the server;
// `ended_us` is when the program had ended.
int serve(pid_t program, int signals, const Clock& clock, int64_t* ended_us) {
  for (;;) {
    pollfd watched[] = {{signals, POLLIN, 0}, {kSandboxChannel, POLLIN, 0}};
    if (poll(watched, 2, -1) < 0 && errno != EINTR) return -1;
    if (watched[1].revents != 0) return -1;  // nothing is sent to a running sandbox: it's closed
    if (watched[0].revents == 0) continue;
    signalfd_siginfo ignored;
    if (read(signals, &ignored, sizeof ignored) < 0) return -1;
    *ended_us = clock.monotonic_us();
    if (const int status = collect(program); status >= 0) return status;
  }
}

// Without a pid namespace nobody kills the rest: every process that descends from this one.
void kill_descendants() {
  const std::string path = "/proc/self/task/" + std::to_string(getpid()) + "/children";
  for (int round = 0; round < 1000; ++round) {
    FILE* file = fopen(path.c_str(), "re");
    if (!file) return;
    std::vector<pid_t> children;
    for (int child = 0; fscanf(file, "%d", &child) == 1;) children.push_back(child);
    fclose(file);
    if (children.empty()) return;
    // Their own children come to this process when they die, and are found in the next round.
    for (const pid_t child : children) kill(child, SIGKILL);
    for (const pid_t child : children) waitpid(child, nullptr, 0);
  }
}

int fail(const Error& error) {
  return send_message(kSandboxChannel, "F" + error.message) ? 1 : 2;
}

}  // namespace

int run_init(const SandboxSpec& spec) {
  prctl(PR_SET_NAME, "millstream", 0, 0, 0);
  if (auto prepared = prepare(spec); !prepared) return fail(prepared.error());
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  sigprocmask(SIG_BLOCK, &child, nullptr);
  const UniqueFd signals(signalfd(-1, &child, SFD_CLOEXEC));
  if (!signals.valid()) return fail(errno_error(errno, "cannot watch the sandbox's processes"));

  const pid_t program = fork();
  if (program < 0) return fail(errno_error(errno, "cannot start the program"));
  if (program == 0) become_program(spec);
  // The pipe's only writers shall be the program and its children.
  close(STDOUT_FILENO);
  close(STDERR_FILENO);
  int64_t ended_us = 0;
  const int status = serve(program, signals.get(), SystemClock(), &ended_us);
  if (spec.isolation == IsolationMode::kProcess) kill_descendants();
  if (status < 0) return 1;
  const std::string end = "X" + std::to_string(status) + " " + std::to_string(ended_us);
  return send_message(kSandboxChannel, end) ? 0 : 2;
}

}  // namespace millstream::functions
