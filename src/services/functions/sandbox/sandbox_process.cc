#include "services/functions/sandbox/sandbox_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <utility>
#include <vector>

#include "services/functions/sandbox/channel.h"
#include "services/functions/sandbox/child.h"

namespace millstream::functions {
namespace {

UniqueFd open_process(pid_t process) {
  return UniqueFd(static_cast<int>(syscall(SYS_pidfd_open, process, 0)));
}

// Of a message "L123" or "X123 456": the first number, or the one behind the space.
template <class Number>
Number number_behind(const std::string& text, size_t at) {
  Number value = 0;
  if (at < text.size()) std::from_chars(text.data() + at + 1, text.data() + text.size(), value);
  return value;
}

// What the program needs to load and nothing more: the server's variables are not for the sandbox.
std::vector<char*> loader_environment() {
  std::vector<char*> kept;
  for (char** variable = environ; *variable; ++variable) {
    for (const char* name :
         {"LD_LIBRARY_PATH=", "ASAN_OPTIONS=", "UBSAN_OPTIONS=", "TSAN_OPTIONS="}) {
      if (strncmp(*variable, name, strlen(name)) == 0) kept.push_back(*variable);
    }
  }
  kept.push_back(nullptr);
  return kept;
}

class SpawnSettings {
 public:
  SpawnSettings(int output, int channel) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, output, STDERR_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, channel, kSandboxChannel);
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  Result<pid_t> spawn(const std::string& program) {
    std::string name = "millstream";
    std::string command = kSandboxCommand;
    char* arguments[] = {name.data(), command.data(), nullptr};
    const auto environment = loader_environment();
    pid_t process = -1;
    const int problem = posix_spawn(&process, program.c_str(), &actions_, &attributes_, arguments,
                                    environment.data());
    if (problem != 0) return errno_error(problem, "cannot start " + program);
    return process;
  }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

}  // namespace

Result<> SandboxProcess::spawn(const std::string& program, const SandboxSpec& spec, Cgroup cgroup) {
  cgroup_ = std::move(cgroup);
  auto channel = open_channel();
  if (!channel) return channel.take_error();
  int pipe_ends[2];
  if (pipe2(pipe_ends, O_CLOEXEC) != 0) return errno_error(errno, "cannot open a pipe");
  output_.reset(pipe_ends[0]);
  const UniqueFd output_writer(pipe_ends[1]);
  if (fcntl(output_.get(), F_SETFL, O_NONBLOCK) != 0) {
    return errno_error(errno, "cannot open a pipe");
  }
  auto spawned = SpawnSettings(output_writer.get(), channel->second.get()).spawn(program);
  if (!spawned) return spawned.take_error();
  maker_ = *spawned;
  maker_handle_ = open_process(maker_);
  channel_ = std::move(channel->first);
  if (!maker_handle_.valid()) return errno_error(errno, "cannot watch a sandbox");
  if (auto added = cgroup_.add(maker_); !added) return added;
  if (auto sent = send_message(channel_.get(), encode_spec(spec)); !sent) return sent;
  if (fcntl(channel_.get(), F_SETFL, O_NONBLOCK) != 0) {
    return errno_error(errno, "cannot open a channel");
  }
  return {};
}

void SandboxProcess::read_channel() {
  while (channel_.valid()) {
    auto message = receive_message(channel_.get());
    if (!message && message.error().code == ErrorCode::kUnavailable) return;
    if (!message || message->text.empty()) return channel_.reset();
    take_message(message->text, std::move(message->files));
  }
}

void SandboxProcess::take_message(const std::string& text, std::vector<UniqueFd> files) {
  switch (text[0]) {
    case 'L':
      if (files.size() != 2 || first_ >= 0) return;
      first_ = number_behind<pid_t>(text, 0);
      first_handle_ = open_process(first_);
      if (kill_wanted_) return kill();
      events_.on_ready({std::move(files[0]), std::move(files[1])});
      return;
    case 'F':
      end_.failure = text.substr(1);
      return;
    case 'X':
      end_told_ = true;
      end_.wait_status = number_behind<int>(text, 0);
      end_.ended_us = number_behind<int64_t>(text, text.find(' '));
      return;
    default:
      return;
  }
}

bool SandboxProcess::maker_ended() {
  read_channel();
  int status = 0;
  if (waitpid(maker_, &status, 0) == maker_ && status != 0 && end_.failure.empty()) {
    end_.failure = "the sandbox's maker ended before the sandbox was made";
  }
  maker_handle_.reset();
  return first_ < 0;
}

bool SandboxProcess::first_ended(int64_t now_us) {
  read_channel();
  int status = 0;
  if (waitpid(first_, &status, 0) != first_) status = SIGKILL;
  // It ends before the program only when it is killed, or told to end by a closed channel.
  if (!end_told_) {
    end_.wait_status = WIFSIGNALED(status) ? status : SIGKILL;
    end_.ended_us = now_us;
  }
  first_handle_.reset();
  return true;
}

void SandboxProcess::kill() {
  kill_wanted_ = true;
  if (first_ < 0 || !first_handle_.valid()) return;
  if (isolation_ == IsolationMode::kNamespaces) {
    ::kill(first_, SIGKILL);  // still our child: the id can't have been given to another
  } else {
    channel_.reset();  // the first process kills its descendants one by one
  }
}

void SandboxProcess::read_output(size_t bytes_max, int64_t now_us) {
  read_bytes(std::min(bytes_max, output_budget_.bytes(now_us)));
}

void SandboxProcess::read_bytes(size_t bytes_max) {
  char bytes[16 << 10];
  for (size_t total = 0; total < bytes_max && output_.valid();) {
    const ssize_t got = read(output_.get(), bytes, std::min(sizeof bytes, bytes_max - total));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return;
    total += static_cast<size_t>(got);
    output_budget_.spend(static_cast<size_t>(got));
    events_.on_output({bytes, static_cast<size_t>(got)});
  }
}

void SandboxProcess::drain_now() {
  int bytes = 0;
  if (output_.valid() && ioctl(output_.get(), FIONREAD, &bytes) == 0) {
    read_bytes(static_cast<size_t>(bytes));
  }
}

void SandboxProcess::drain(Sandbox::Drained drained, int64_t now_us) {
  draining_.push_back(std::move(drained));
  resume(now_us);
}

void SandboxProcess::resume(int64_t now_us) {
  if (output_.valid() && output_budget_.bytes(now_us) == 0) return;
  drain_now();
  tell_drained();
}

void SandboxProcess::tell_drained() {
  // After the end, what it was then.
  const uint64_t peak = cgroup_.valid() ? cgroup_.memory_peak_bytes() : end_.memory_peak_bytes;
  for (const auto& drained : std::exchange(draining_, {})) drained(peak);
}

void SandboxProcess::finish() {
  drain_now();
  tell_drained();
  output_.reset();
  channel_.reset();
  end_.out_of_memory = cgroup_.memory_kills() > 0;
  end_.memory_peak_bytes = cgroup_.memory_peak_bytes();
  cgroup_ = Cgroup();
  std::exchange(events_, {}).on_end(end_);
}

}  // namespace millstream::functions
