#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <mutex>
#include <sstream>

#include "services/functions/sandbox/output_budget.h"
#include "services/functions/sandbox/probe.h"
#include "services/functions/sandbox/sandboxes.h"

namespace millstream::functions {
namespace {

// One sandbox that runs a shell script, and what became of it.
class Program {
 public:
  Program(Sandboxes* sandboxes, SandboxSpec spec, uint64_t memory_bytes_max = 128u << 20) {
    ended_ = end_.get_future();
    ready_ = listeners_.get_future();
    sandbox_ = sandboxes->start(std::move(spec), memory_bytes_max,
                                {[this](SandboxListeners l) { listeners_.set_value(std::move(l)); },
                                 [this](std::string_view bytes) { append(bytes); },
                                 [this](SandboxEnd end) { end_.set_value(std::move(end)); }});
  }
  ~Program() {
    sandbox_->kill();
    if (ended_.valid()) ended_.wait();
  }
  SandboxEnd end() { return ended_.get(); }
  SandboxListeners listeners() { return ready_.get(); }
  Sandbox& sandbox() { return *sandbox_; }
  std::string output() {
    const std::lock_guard lock(mutex_);
    return output_;
  }
  size_t output_bytes() {
    const std::lock_guard lock(mutex_);
    return output_.size();
  }
  // Waits until the program has printed `text`.
  void await_output(const std::string& text) {
    while (output().find(text) == std::string::npos) std::this_thread::yield();
  }

 private:
  void append(std::string_view bytes) {
    const std::lock_guard lock(mutex_);
    output_.append(bytes);
  }
  std::mutex mutex_;
  std::string output_;  // guarded by mutex_
  std::promise<SandboxEnd> end_;
  std::promise<SandboxListeners> listeners_;
  std::future<SandboxEnd> ended_;
  std::future<SandboxListeners> ready_;
  std::shared_ptr<Sandbox> sandbox_;
};

class SandboxTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto support = probe_isolation(&sandboxes_, true);
    if (!support) GTEST_SKIP() << support.error().message;
    user_namespace_ = support->user_namespace;
    char name[] = "/tmp/millstream_sandbox_XXXXXX";
    ASSERT_NE(mkdtemp(name), nullptr);
    directory_ = name;
    chmod(name, 0755);
  }
  void TearDown() override {
    if (!directory_.empty()) std::filesystem::remove_all(directory_);
  }

  SandboxSpec script(const std::string& text) {
    SandboxSpec spec;
    spec.user_namespace = user_namespace_;
    spec.user_id = kSandboxUserBase + 7;
    spec.group_id = kSandboxUserBase + 7;
    spec.hostname = "function";
    spec.tmp_bytes = 1 << 20;
    spec.working_directory = "/var/task";
    spec.environment = {"PATH=/usr/bin:/bin", "API={runtime-api}", "AWS={aws-endpoint}"};
    spec.arguments = {"/bin/sh", "-c", text};
    spec.read_only_binds.push_back({directory_, "/var/task"});
    add_common_root(true, &spec);
    return spec;
  }
  std::string output_of(const std::string& text) {
    Program run(&sandboxes_, script(text));
    const SandboxEnd end = run.end();
    EXPECT_EQ(end.failure, "");
    return run.output();
  }

  SystemClock clock_;
  Sandboxes sandboxes_{Cgroups::find(), clock_};
  std::string directory_;
  bool user_namespace_ = false;
};

TEST_F(SandboxTest, RunsAProgramAndTellsItsExitStatus) {
  Program run(&sandboxes_, script("echo out; echo err >&2; exit 3"));
  const SandboxEnd end = run.end();
  EXPECT_EQ(end.failure, "");
  ASSERT_TRUE(WIFEXITED(end.wait_status));
  EXPECT_EQ(WEXITSTATUS(end.wait_status), 3);
  EXPECT_EQ(run.output(), "out\nerr\n");
}

TEST_F(SandboxTest, TellsThatAProgramIsMissing) {
  auto spec = script("");
  spec.arguments = {"/no/such/program"};
  Program run(&sandboxes_, std::move(spec));
  const SandboxEnd end = run.end();
  EXPECT_EQ(WEXITSTATUS(end.wait_status), 127);
  EXPECT_EQ(run.output(), "cannot start /no/such/program: No such file or directory\n");
}

TEST_F(SandboxTest, TellsWhatCouldNotBeMounted) {
  auto spec = script("true");
  spec.read_only_binds.push_back({"/no/such/code", "/var/runtime"});
  Program run(&sandboxes_, std::move(spec));
  EXPECT_EQ(run.end().failure, "cannot find /old/no/such/code: No such file or directory");
}

TEST_F(SandboxTest, SeesNothingOfTheHostsFiles) {
  const std::string secret = directory_ + "/../millstream_secret_" + std::to_string(getpid());
  std::ofstream(secret) << "secret";
  const std::string seen = output_of("ls /; ls -A /tmp /home /root /mnt /srv 2>&1; ls /etc");
  std::filesystem::remove(secret);
  EXPECT_EQ(seen.find("millstream_secret"), std::string::npos) << seen;
  EXPECT_EQ(seen.find("shadow"), std::string::npos) << seen;
  EXPECT_EQ(seen.find("work"), std::string::npos) << seen;
}

TEST_F(SandboxTest, SeesNoProcessButItsOwn) {
  EXPECT_EQ(output_of("cd /proc; for p in [0-9]*; do read c < $p/comm; echo $p $c; done"),
            "1 millstream\n2 sh\n");
}

TEST_F(SandboxTest, HasAnUnprivilegedUserWithoutCapabilities) {
  const std::string status = output_of("id -u; grep -E 'Cap|NoNew|Seccomp:' /proc/self/status");
  EXPECT_EQ(status,
            "2000007\n"
            "CapInh:\t0000000000000000\nCapPrm:\t0000000000000000\nCapEff:\t0000000000000000\n"
            "CapBnd:\t0000000000000000\nCapAmb:\t0000000000000000\nNoNewPrivs:\t1\nSeccomp:\t2\n");
}

TEST_F(SandboxTest, CannotMountTraceOrMakeNamespaces) {
  const std::string answers = output_of(
      "mount -t tmpfs none /tmp 2>/dev/null; echo $?;"
      "unshare -U true 2>&1; unshare -m true 2>/dev/null; echo $?");
  EXPECT_EQ(answers, "32\nunshare: unshare failed: Operation not permitted\n1\n");
}

TEST_F(SandboxTest, CannotWriteItsCodeOrTheSystem) {
  std::ofstream(directory_ + "/code.txt") << "code";
  chmod((directory_ + "/code.txt").c_str(), 0666);
  const std::string answers = output_of(
      "cat code.txt; echo; for f in /var/task/code.txt /var/task/new /new /usr/new /etc/new "
      "/dev/new "
      "/proc/sys/kernel/hostname; do (echo x > $f) 2>&1 | sed 's/.*: //'; done");
  EXPECT_EQ(answers.substr(0, 5), "code\n");
  std::istringstream lines(answers.substr(5));
  int refused = 0;
  for (std::string line; std::getline(lines, line); ++refused) {
    EXPECT_TRUE(line == "Read-only file system" || line == "Permission denied") << line;
  }
  EXPECT_EQ(refused, 7);
}

TEST_F(SandboxTest, HasAPrivateTmpOfItsSize) {
  EXPECT_EQ(output_of("ls -A /tmp; echo x > /tmp/kept; cat /tmp/kept;"
                      "dd if=/dev/zero of=/tmp/big bs=1M count=2 2>&1 | grep -o 'No space left.*';"
                      "stat -c %s /tmp/big"),
            "x\nNo space left on device\n1044480\n");
  EXPECT_EQ(output_of("ls -A /tmp"), "");
}

TEST_F(SandboxTest, SeesOnlyItsOwnLoopbackInterface) {
  EXPECT_EQ(output_of("ls -d /sys/class 2>/dev/null; grep -c : /proc/net/dev; echo $API $AWS"),
            "1\n127.0.0.1:9001 127.0.0.1:4566\n");
}

TEST_F(SandboxTest, HandsOutListenersThatAcceptFromInside) {
  Program run(&sandboxes_, script("exec 3<>/dev/null; /usr/bin/perl -MIO::Socket::INET -e '"
                                  "my $s = IO::Socket::INET->new(PeerAddr => $ENV{API}) or die;"
                                  "print scalar <$s>'"));
  SandboxListeners listeners = run.listeners();
  int connection = -1;
  while ((connection = accept(listeners.runtime_api.get(), nullptr, nullptr)) < 0) {
    ASSERT_EQ(errno, EAGAIN);
    std::this_thread::yield();
  }
  ASSERT_EQ(write(connection, "hello\n", 6), 6);
  close(connection);
  EXPECT_EQ(run.end().wait_status, 0);
  EXPECT_EQ(run.output(), "hello\n");
}

TEST_F(SandboxTest, IsKilledWithItsChildren) {
  Program run(&sandboxes_,
              script("setsid sleep 1000 & (setsid sleep 1000 &) ; echo started; wait"));
  run.await_output("started");
  run.sandbox().kill();
  const SandboxEnd end = run.end();  // comes once nobody holds the output pipe any more
  EXPECT_TRUE(WIFSIGNALED(end.wait_status));
  EXPECT_EQ(WTERMSIG(end.wait_status), SIGKILL);
}

TEST_F(SandboxTest, LeavesNoChildBehindWhenItsProgramEnds) {
  const std::string mark = "sleep 98765" + std::to_string(getpid());
  Program run(&sandboxes_, script("setsid " + mark + " & exit 0"));
  EXPECT_EQ(run.end().wait_status, 0);
  const std::string command = "pgrep -f '^" + mark + "$' > " + directory_ + "/found";
  const pid_t child = fork();
  if (child == 0) {
    execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
    _exit(1);
  }
  waitpid(child, nullptr, 0);
  EXPECT_EQ(std::filesystem::file_size(directory_ + "/found"), 0u);
}

TEST_F(SandboxTest, CannotUseMoreMemoryThanItsLimit) {
  // Far past the limit of 64 MB and the slack that a host without cgroups leaves.
  Program run(&sandboxes_,
              script("exec perl -e 'my $x = \"x\" x 1_500_000_000; print \"got it\\n\"'"),
              64u << 20);
  const SandboxEnd end = run.end();
  EXPECT_EQ(run.output().find("got it"), std::string::npos);
  if (sandboxes_.cgroups().available()) {
    EXPECT_TRUE(end.out_of_memory);
    EXPECT_TRUE(WIFSIGNALED(end.wait_status) && WTERMSIG(end.wait_status) == SIGKILL);
    EXPECT_LE(end.memory_peak_bytes, (64u << 20) + kSanitizerBytes);
  } else {
    EXPECT_NE(end.wait_status, 0);
  }
}

TEST_F(SandboxTest, CannotStartMoreProcessesThanItsLimit) {
  auto spec = script("i=0; while [ $i -lt 30 ]; do sleep 100 & i=$((i+1)); done; echo all");
  spec.processes_max = 10;
  Program run(&sandboxes_, std::move(spec));
  const SandboxEnd end = run.end();
  EXPECT_EQ(run.output().find("all\n"), std::string::npos) << run.output();
  EXPECT_NE(end.wait_status, 0);
}

TEST_F(SandboxTest, IsReadNoFasterThanItsBudgetAllows) {
  // Time stands still, so nothing is earned on top of the first second's worth.
  const ManualClock clock;
  Sandboxes sandboxes{Cgroups::find(), clock};
  Program run(&sandboxes, script("exec head -c 200000000 /dev/zero"));
  constexpr size_t kAllowed = OutputBudget::kBytesPerSecond;
  while (run.output_bytes() < kAllowed) std::this_thread::yield();
  run.sandbox().kill();
  run.end();
  constexpr size_t kPipeBytes = 64u << 10;  // read at the end, whatever the budget says
  EXPECT_LE(run.output_bytes(), kAllowed + kPipeBytes);
}

TEST_F(SandboxTest, IsDrainedOfWhatWasPrintedBefore) {
  Program run(&sandboxes_, script("echo before; echo $API >&2; sleep 1000"));
  run.await_output("before");
  std::promise<uint64_t> drained;
  run.sandbox().drain([&](uint64_t memory_peak_bytes) { drained.set_value(memory_peak_bytes); });
  const uint64_t memory_peak_bytes = drained.get_future().get();
  EXPECT_EQ(memory_peak_bytes > 0, sandboxes_.cgroups().available());
}

TEST(PlainProcessTest, RunsWithoutNamespacesAndDiesWithItsChildren) {
  const SystemClock clock;
  Sandboxes sandboxes{Cgroups::find(), clock};
  SandboxSpec spec;
  spec.isolation = IsolationMode::kProcess;
  spec.working_directory = "/";
  spec.environment = {"PATH=/usr/bin:/bin", "API={runtime-api}"};
  spec.arguments = {"/bin/sh", "-c", "setsid sleep 1000 & echo $API; echo started; wait"};
  Program run(&sandboxes, std::move(spec));
  run.await_output("started");
  run.sandbox().kill();
  run.end();
  EXPECT_EQ(run.output().substr(0, 10), "127.0.0.1:");
}

}  // namespace
}  // namespace millstream::functions
