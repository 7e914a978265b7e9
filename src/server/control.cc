#include "server/control.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <memory>

namespace millstream::server {
namespace {

constexpr char kStopByte = 's';
constexpr char kWorkByte = 'w';

// A signal handler has no other way to know where to write.
std::atomic<int> signal_pipe{-1};

void send_byte(int pipe, char byte) {
  // The pipe is non-blocking; when it is full, whoever reads it is awake already.
  while (::write(pipe, &byte, 1) < 0 && errno == EINTR) {
  }
}

void on_signal(int) {
  const int error_number = errno;
  const int pipe = signal_pipe.load(std::memory_order_relaxed);
  if (pipe >= 0) send_byte(pipe, kStopByte);
  errno = error_number;
}

void on_broken_pipe(int) {}

void catch_signal(int number, void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  CHECK(sigaction(number, &action, nullptr) == 0);
}

}  // namespace

Result<std::unique_ptr<Control>> Control::make() {
  int ends[2] = {-1, -1};
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return errno_error(errno, "cannot make a pipe");
  return std::unique_ptr<Control>(new Control(UniqueFd(ends[0]), UniqueFd(ends[1])));
}

Control::Control(UniqueFd read_end, UniqueFd write_end)
    : read_end_(std::move(read_end)), write_end_(std::move(write_end)) {
  signal_pipe = write_end_.get();
  catch_signal(SIGTERM, on_signal);
  catch_signal(SIGINT, on_signal);
  // Not ignored: a program that functions start would inherit that.
  catch_signal(SIGPIPE, on_broken_pipe);
}

Control::~Control() {
  catch_signal(SIGTERM, SIG_DFL);
  catch_signal(SIGINT, SIG_DFL);
  signal_pipe = -1;
}

void Control::run(std::function<void()> work) {
  {
    std::lock_guard lock(mutex_);
    queue_.push_back(std::move(work));
  }
  send_byte(write_end_.get(), kWorkByte);
}

void Control::stop() {
  {
    std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  send_byte(write_end_.get(), kWorkByte);
}

void Control::serve() {
  while (true) {
    std::function<void()> work;
    {
      std::lock_guard lock(mutex_);
      if (stopped_) return;
      if (!queue_.empty()) {
        work = std::move(queue_.front());
        queue_.pop_front();
      }
    }
    if (work) {
      work();
      continue;
    }
    pollfd readable = {read_end_.get(), POLLIN, 0};
    // An interruption is looked at like a wake-up.
    (void)poll(&readable, 1, -1);
    char bytes[64];
    ssize_t size = 0;
    while ((size = ::read(read_end_.get(), bytes, sizeof bytes)) > 0) {
      for (ssize_t i = 0; i < size; ++i) {
        if (bytes[i] == kStopByte) return;
      }
    }
  }
}

}  // namespace millstream::server
