#include "generator.h"

#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <deque>
#include <optional>

#include "base/clock.h"
#include "socket.h"
#include "wire.h"

namespace millstream::bench {
namespace {

constexpr int64_t kDrainUsMax = 60'000'000;
constexpr int64_t kWaitUsMax = 100'000;
constexpr size_t kFirstBadBytes = 600;

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

int64_t wall_us() {
  using namespace std::chrono;
  return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

struct Connection {
  UniqueFd socket;
  std::unique_ptr<Wire> wire;
  bool waits_to_send = false;
};

struct Slot {
  bool is_busy = false;
  int64_t due_us = 0;
  uint64_t number = 0;
};

class Generator {
 public:
  Generator(const Target& target, const Load& load, Workload& workload)
      : target_(target),
        load_(load),
        workload_(workload),
        connections_(target.connections),
        slots_(target.connections * target.streams),
        poll_(epoll_create1(EPOLL_CLOEXEC)),
        read_buffer_(size_t{1} << 20, '\0') {}

  Result<Measurement> run() {
    // A constant rate needs finer waits than the default slack of 50 us. Not fatal if refused.
    (void)prctl(PR_SET_TIMERSLACK, 1);
    for (size_t i = 0; i < connections_.size(); ++i) {
      Result<> connected = open(i);
      if (!connected) return connected.take_error();
    }
    for (size_t i = 0; i < slots_.size(); ++i) free_.push_back(i);
    begin_us_ = clock_.monotonic_us();
    wall_offset_us_ = wall_us() - begin_us_;
    measured_from_us_ = begin_us_ + load_.warmup_us;
    end_us_ = begin_us_ + load_.plan.duration_us;
    pacer_.emplace(load_.plan, begin_us_);
    Result<> ran = loop();
    if (!ran) return ran.take_error();
    finish();
    return std::move(totals_);
  }

 private:
  Result<> open(size_t index) {
    auto socket = connect_to(target_.port);
    if (!socket) return socket.take_error();
    Connection& connection = connections_[index];
    connection = {.socket = socket.take(), .wire = make_wire(target_.protocol, target_.streams)};
    epoll_event event{.events = EPOLLIN, .data = {.u64 = index}};
    if (epoll_ctl(poll_.get(), EPOLL_CTL_ADD, connection.socket.get(), &event) != 0) {
      return errno_error(errno, "cannot watch a connection");
    }
    return {};
  }

  Result<> loop() {
    while (true) {
      Result<> started = start_due();
      if (!started) return started;
      const int64_t now_us = clock_.monotonic_us();
      watch_cpu(now_us);
      if (busy_ == 0 && (pacer_->left(now_us) == 0 || free_.empty())) return {};
      if (now_us > end_us_ + kDrainUsMax) return {};
      Result<> handled = wait(now_us);
      if (!handled) return handled;
    }
  }

  // Gives what is due to the slots that are free.
  Result<> start_due() {
    while (!free_.empty()) {
      const int64_t now_us = clock_.monotonic_us();
      const std::optional<int64_t> due_us = pacer_->next_due(now_us);
      if (!due_us || *due_us > now_us) return {};
      const size_t slot = free_.front();
      free_.pop_front();
      const Request* request = workload_.next(slot);
      if (!request) {
        ++retired_;
        continue;
      }
      slots_[slot] = {.is_busy = true, .due_us = *due_us, .number = pacer_->taken()};
      pacer_->take();
      ++busy_;
      const size_t connection = slot / target_.streams;
      connections_[connection].wire->start(slot % target_.streams, *request);
      Result<> sent = send_output(connection);
      if (!sent) return sent;
    }
    return {};
  }

  Result<> wait(int64_t now_us) {
    int64_t wait_us = kWaitUsMax;
    const std::optional<int64_t> due_us = pacer_->next_due(now_us);
    if (due_us && !free_.empty()) wait_us = std::clamp<int64_t>(*due_us - now_us, 0, kWaitUsMax);
    const timespec timeout{.tv_sec = 0, .tv_nsec = wait_us * 1000};
    std::array<epoll_event, 64> events;
    const int count = epoll_pwait2(poll_.get(), events.data(), events.size(), &timeout, nullptr);
    if (count < 0 && errno != EINTR) return errno_error(errno, "cannot wait for answers");
    for (int i = 0; i < count; ++i) {
      const size_t connection = events[static_cast<size_t>(i)].data.u64;
      Result<> handled = handle(connection, events[static_cast<size_t>(i)].events);
      if (!handled) return handled;
      Result<> started = start_due();
      if (!started) return started;
    }
    return {};
  }

  Result<> handle(size_t index, uint32_t events) {
    if (events & EPOLLOUT) {
      Result<> sent = send_output(index);
      if (!sent) return sent;
    }
    if (!(events & (EPOLLIN | EPOLLHUP | EPOLLERR))) return {};
    Connection& connection = connections_[index];
    const ssize_t got = recv(connection.socket.get(), read_buffer_.data(), read_buffer_.size(), 0);
    if (got < 0 && errno == EAGAIN) return {};
    if (got <= 0) return broke(index, "the connection was closed");
    const bool sane = connection.wire->receive({read_buffer_.data(), static_cast<size_t>(got)});
    while (std::optional<Completed> completed = connection.wire->next()) {
      answered(index * target_.streams + completed->stream, completed->answer);
    }
    if (!sane) return broke(index, "the answer was malformed");
    if (connection.wire->ends()) return broke(index, "the server ended the connection");
    return send_output(index);
  }

  Result<> send_output(size_t index) {
    Connection& connection = connections_[index];
    while (true) {
      const std::string_view output = connection.wire->output();
      if (output.empty()) return set_waits_to_send(index, false);
      const ssize_t sent =
          send(connection.socket.get(), output.data(), output.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno == EAGAIN) return set_waits_to_send(index, true);
      if (sent <= 0) return broke(index, "the connection was closed");
      connection.wire->sent(static_cast<size_t>(sent));
    }
  }

  Result<> set_waits_to_send(size_t index, bool waits) {
    Connection& connection = connections_[index];
    if (connection.waits_to_send == waits) return {};
    connection.waits_to_send = waits;
    epoll_event event{.events = EPOLLIN, .data = {.u64 = index}};
    if (waits) event.events |= EPOLLOUT;
    if (epoll_ctl(poll_.get(), EPOLL_CTL_MOD, connection.socket.get(), &event) != 0) {
      return errno_error(errno, "cannot watch a connection");
    }
    return {};
  }

  void answered(size_t slot, const Answer& answer) {
    const int64_t now_us = clock_.monotonic_us();
    const size_t units = workload_.check(slot, answer);
    if (units == 0) {
      ++totals_.errors[fmt::format("a wrong answer with status {}", answer.status)];
      if (totals_.first_bad.empty()) totals_.first_bad = answer.body.substr(0, kFirstBadBytes);
    } else {
      count(slots_[slot], now_us, units, answer.body.size());
    }
    release(slot);
  }

  void count(const Slot& slot, int64_t now_us, size_t units, size_t body_bytes) {
    if (load_.keep_trace) {
      totals_.trace.push_back(
          {slot.number, slot.due_us + wall_offset_us_, now_us + wall_offset_us_});
    }
    if (slot.due_us >= measured_from_us_) {
      totals_.latency_us.record(static_cast<uint64_t>(now_us - slot.due_us));
    }
    if (now_us < measured_from_us_) return;
    last_answer_us_ = now_us;
    add(&all_, units, body_bytes);
    if (now_us <= end_us_) add(&totals_.counts, units, body_bytes);
  }

  static void add(Counts* counts, size_t units, size_t body_bytes) {
    ++counts->good;
    counts->units += units;
    counts->body_bytes += body_bytes;
  }

  void release(size_t slot) {
    slots_[slot].is_busy = false;
    --busy_;
    free_.push_back(slot);
  }

  // Makes the connection again. What was under way on it got no answer.
  Result<> broke(size_t index, const std::string& why) {
    bool was_busy = false;
    for (size_t stream = 0; stream < target_.streams; ++stream) {
      const size_t slot = index * target_.streams + stream;
      if (!slots_[slot].is_busy) continue;
      was_busy = true;
      release(slot);
    }
    if (was_busy) ++totals_.errors[why];
    ++totals_.reconnects;
    return open(index);
  }

  // Takes the processor's time at both ends of the measured time.
  void watch_cpu(int64_t now_us) {
    if (!cpu_at_begin_ && now_us >= measured_from_us_) cpu_at_begin_ = cpu_seconds();
    if (!cpu_at_end_ && now_us >= end_us_) cpu_at_end_ = cpu_seconds();
  }

  void finish() {
    const bool ended_early = pacer_->left(begin_us_) == 0 || retired_ > 0;
    const bool is_slow = totals_.counts.good < slots_.size();
    int64_t until_us = end_us_;
    if (load_.plan.rate == 0 && (ended_early || is_slow)) {
      until_us = last_answer_us_;
      totals_.counts = all_;
    }
    totals_.seconds = static_cast<double>(std::max<int64_t>(until_us - measured_from_us_, 1)) / 1e6;
    totals_.unanswered = busy_;
    if (load_.plan.rate > 0) totals_.unanswered += pacer_->left(end_us_);
    const double end = cpu_at_end_.value_or(cpu_seconds());
    totals_.client_cpu_seconds = end - cpu_at_begin_.value_or(end);
  }

  const Target target_;
  const Load load_;
  Workload& workload_;
  SystemClock clock_;
  std::vector<Connection> connections_;
  std::vector<Slot> slots_;  // connection i has those from i * streams on
  std::deque<size_t> free_;
  size_t busy_ = 0;
  size_t retired_ = 0;  // slots whose workload has no more for them
  UniqueFd poll_;
  std::string read_buffer_;
  std::optional<Pacer> pacer_;
  int64_t begin_us_ = 0, measured_from_us_ = 0, end_us_ = 0;
  int64_t last_answer_us_ = 0;
  Counts all_;  // those after the end, too
  int64_t wall_offset_us_ = 0;
  std::optional<double> cpu_at_begin_, cpu_at_end_;
  Measurement totals_;
};

}  // namespace

Result<Measurement> generate(const Target& target, const Load& load, Workload& workload) {
  return Generator(target, load, workload).run();
}

}  // namespace millstream::bench
