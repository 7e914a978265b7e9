#include "services/functions/sandbox/sandboxes.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "base/callback.h"
#include "services/functions/sandbox/sandbox_process.h"

namespace millstream::functions {
namespace {

// Without a cgroup: thread stacks and the interpreter's own reservations count as data, so the
// limit is coarser than the function's memory by this much.
constexpr uint64_t kDataSlackBytes = 768u << 20;
constexpr size_t kOutputBytesPerTurn = 256u << 10;
constexpr int kNamesTried = 16;

enum Watched : uint64_t { kOutput, kChannel, kMaker, kFirst, kWatchedCount };

}  // namespace

class Sandboxes::Implementation : public std::enable_shared_from_this<Implementation> {
 public:
  Implementation(Cgroups cgroups, const Clock& clock, std::string program);
  // Kills all and waits for their ends.
  void stop();

  std::shared_ptr<Sandbox> start(SandboxSpec spec, uint64_t memory_bytes_max, SandboxEvents events);
  void post(Callback work);
  void kill(uint64_t id);
  void drain(uint64_t id, std::shared_ptr<SandboxProcess> process, Sandbox::Drained drained);
  [[nodiscard]] const Cgroups& cgroups() const { return cgroups_; }

 private:
  void serve();
  void run_posted();
  void handle(uint64_t token, bool hung_up);
  [[nodiscard]] Result<Cgroup> make_cgroup(uint64_t id, CgroupLimits limits) const;
  void launch(uint64_t id, SandboxSpec spec, uint64_t memory_bytes_max,
              std::shared_ptr<SandboxProcess> process);
  Result<> try_launch(uint64_t id, SandboxSpec spec, uint64_t memory_bytes_max,
                      SandboxProcess* process);
  Result<> watch(uint64_t id, Watched what, int fd) const;
  void pause_if_due(uint64_t id, SandboxProcess& process);
  void resume_due();
  [[nodiscard]] int pause_ms() const;
  void finish(uint64_t id);

  // Constant.
  const Cgroups cgroups_;
  const Clock& clock_;
  const std::string program_;
  UniqueFd epoll_;
  UniqueFd wake_;

  std::mutex mutex_;
  std::deque<Callback> posted_;  // guarded by mutex_
  bool stopped_ = false;         // guarded by mutex_: nothing is posted any more
  std::atomic<uint64_t> next_id_{1};
  std::atomic<bool> stopping_{false};

  // Owned by the thread.
  std::map<uint64_t, std::shared_ptr<SandboxProcess>> running_;
  std::map<uint64_t, int64_t> paused_until_us_;  // whose output isn't watched
  std::thread thread_;
};

class Sandboxes::Handle final : public Sandbox {
 public:
  Handle(std::shared_ptr<Implementation> sandboxes, uint64_t id,
         std::shared_ptr<SandboxProcess> process)
      : sandboxes_(std::move(sandboxes)), id_(id), process_(std::move(process)) {}
  void kill() override { sandboxes_->kill(id_); }
  void drain(Drained drained) override { sandboxes_->drain(id_, process_, std::move(drained)); }

 private:
  const std::shared_ptr<Implementation> sandboxes_;
  const uint64_t id_;
  const std::shared_ptr<SandboxProcess> process_;
};

Sandboxes::Implementation::Implementation(Cgroups cgroups, const Clock& clock,
                                          std::string program)
    : cgroups_(std::move(cgroups)),
      clock_(clock),
      program_(std::move(program)),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  CHECK(epoll_.valid() && wake_.valid());
  epoll_event event{EPOLLIN, {.u64 = 0}};
  CHECK(epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), &event) == 0);
  thread_ = std::thread([this] { serve(); });
}

void Sandboxes::Implementation::stop() {
  post([this] {
    stopping_ = true;
    for (auto& [id, process] : running_) process->kill();
  });
  thread_.join();
  std::deque<Callback> dropped;
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  dropped.swap(posted_);
}

std::shared_ptr<Sandbox> Sandboxes::Implementation::start(SandboxSpec spec,
                                                          uint64_t memory_bytes_max,
                                                          SandboxEvents events) {
  const uint64_t id = next_id_++;
  auto process = std::make_shared<SandboxProcess>(std::move(events), spec.isolation,
                                                  clock_.monotonic_us());
  post([this, id, memory_bytes_max, process, spec = std::move(spec)]() mutable {
    launch(id, std::move(spec), memory_bytes_max, process);
  });
  return std::make_shared<Handle>(shared_from_this(), id, process);
}

void Sandboxes::Implementation::drain(uint64_t id, std::shared_ptr<SandboxProcess> process,
                                      Sandbox::Drained drained) {
  post([this, id, process = std::move(process), drained = std::move(drained)]() mutable {
    process->drain(std::move(drained), clock_.monotonic_us());
    pause_if_due(id, *process);
  });
}

// Leaves the output of a sandbox whose budget is spent in its pipe for a while.
void Sandboxes::Implementation::pause_if_due(uint64_t id, SandboxProcess& process) {
  const int64_t pause_us = process.output_pause_us();
  if (pause_us == 0 || process.output_fd() < 0 || !running_.contains(id)) return;
  epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, process.output_fd(), nullptr);
  paused_until_us_.insert_or_assign(id, clock_.monotonic_us() + pause_us);
}

void Sandboxes::Implementation::resume_due() {
  const int64_t now_us = clock_.monotonic_us();
  std::vector<uint64_t> due;
  for (const auto& [id, until_us] : paused_until_us_) {
    if (until_us <= now_us) due.push_back(id);
  }
  for (const uint64_t id : due) {
    paused_until_us_.erase(id);
    const auto process = running_.at(id);
    process->resume(now_us);
    if (!watch(id, kOutput, process->output_fd())) process->kill();
    pause_if_due(id, *process);
  }
}

// Until the next output may be read; -1: no output waits for that.
int Sandboxes::Implementation::pause_ms() const {
  int64_t first_us = INT64_MAX;
  for (const auto& [id, until_us] : paused_until_us_) first_us = std::min(first_us, until_us);
  if (first_us == INT64_MAX) return -1;
  return static_cast<int>(std::max<int64_t>(0, first_us - clock_.monotonic_us()) / 1000 + 1);
}

void Sandboxes::Implementation::kill(uint64_t id) {
  post([this, id] {
    const auto found = running_.find(id);
    if (found != running_.end()) found->second->kill();
  });
}

void Sandboxes::Implementation::post(Callback work) {
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return;
    posted_.push_back(std::move(work));
  }
  const uint64_t one = 1;
  CHECK(write(wake_.get(), &one, sizeof one) == sizeof one || errno == EAGAIN);
}

void Sandboxes::Implementation::run_posted() {
  uint64_t count = 0;
  if (read(wake_.get(), &count, sizeof count) < 0) CHECK(errno == EAGAIN || errno == EINTR);
  std::deque<Callback> work;
  {
    const std::lock_guard lock(mutex_);
    work.swap(posted_);
  }
  for (auto& one : work) one();
}

void Sandboxes::Implementation::serve() {
  while (!stopping_ || !running_.empty()) {
    epoll_event events[64];
    const int count = epoll_wait(epoll_.get(), events, 64, pause_ms());
    CHECK(count >= 0 || errno == EINTR);
    for (int i = 0; i < count; ++i) {
      if (events[i].data.u64 == 0) {
        run_posted();
      } else {
        handle(events[i].data.u64, (events[i].events & EPOLLHUP) != 0);
      }
    }
    resume_due();
  }
}

void Sandboxes::Implementation::launch(uint64_t id, SandboxSpec spec, uint64_t memory_bytes_max,
                                       std::shared_ptr<SandboxProcess> process) {
  if (stopping_) {
    process->fail("the server is shutting down");
    return process->finish();
  }
  running_.emplace(id, process);
  auto launched = try_launch(id, std::move(spec), memory_bytes_max, process.get());
  if (launched) return;
  process->fail(launched.error().message);
  // The maker, if there is one, sees its channel close and ends.
  if (process->maker_fd() < 0) finish(id);
}

Result<Cgroup> Sandboxes::Implementation::make_cgroup(uint64_t id, CgroupLimits limits) const {
  const std::string name = std::to_string(getpid()) + "-" + std::to_string(id);
  // An earlier engine of this process may have left a group of that name, not quite dead yet.
  for (int attempt = 0;; ++attempt) {
    auto made =
        cgroups_.make(attempt == 0 ? name : name + "-" + std::to_string(attempt), limits);
    const bool taken = !made && made.error().code == ErrorCode::kAlreadyExists;
    if (!taken || attempt == kNamesTried) return made;
  }
}

Result<> Sandboxes::Implementation::try_launch(uint64_t id, SandboxSpec spec,
                                               uint64_t memory_bytes_max, SandboxProcess* process) {
  Cgroup cgroup;
  if (cgroups_.available()) {
    // The first process inside counts as well.
    auto made = make_cgroup(id, {memory_bytes_max, spec.processes_max + 1});
    if (!made) return made.take_error();
    cgroup = made.take();
  } else {
    spec.data_bytes_max = memory_bytes_max + kDataSlackBytes;
  }
  auto spawned = process->spawn(program_, spec, std::move(cgroup));
  if (process->maker_fd() >= 0) {
    if (auto watched = watch(id, kMaker, process->maker_fd()); !watched) return watched;
  }
  if (!spawned) return spawned;
  if (auto watched = watch(id, kChannel, process->channel_fd()); !watched) return watched;
  return watch(id, kOutput, process->output_fd());
}

Result<> Sandboxes::Implementation::watch(uint64_t id, Watched what, int fd) const {
  epoll_event event{EPOLLIN, {.u64 = id * kWatchedCount + what}};
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) {
    return errno_error(errno, "cannot watch a sandbox");
  }
  return {};
}

void Sandboxes::Implementation::handle(uint64_t token, bool hung_up) {
  const uint64_t id = token / kWatchedCount;
  const auto found = running_.find(id);
  if (found == running_.end()) return;
  const auto process = found->second;
  const bool had_first = process->first_fd() >= 0;
  bool over = false;
  switch (token % kWatchedCount) {
    case kOutput:
      process->read_output(kOutputBytesPerTurn, clock_.monotonic_us());
      pause_if_due(id, *process);
      if (hung_up) {
        // All writers are gone; what is left is read at the end.
        epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, process->output_fd(), nullptr);
      }
      break;
    case kChannel:
      process->read_channel();
      break;
    case kMaker:
      over = process->maker_ended();
      break;
    case kFirst:
      over = process->first_ended(clock_.monotonic_us());
      break;
  }
  if (over) return finish(id);
  if (!had_first && process->first_fd() >= 0) {
    if (!watch(id, kFirst, process->first_fd())) process->kill();
  }
}

void Sandboxes::Implementation::finish(uint64_t id) {
  const auto process = running_.at(id);
  running_.erase(id);
  paused_until_us_.erase(id);
  process->finish();
}

Sandboxes::Sandboxes(Cgroups cgroups, const Clock& clock, std::string program)
    : implementation_(
          std::make_shared<Implementation>(std::move(cgroups), clock, std::move(program))) {}
Sandboxes::~Sandboxes() {
  implementation_->stop();
}

std::shared_ptr<Sandbox> Sandboxes::start(SandboxSpec spec, uint64_t memory_bytes_max,
                                          SandboxEvents events) {
  return implementation_->start(std::move(spec), memory_bytes_max, std::move(events));
}

const Cgroups& Sandboxes::cgroups() const {
  return implementation_->cgroups();
}

}  // namespace millstream::functions
