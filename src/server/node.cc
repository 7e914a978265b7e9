#include "server/node.h"

#include <fmt/format.h>
#include <poll.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdio>
#include <deque>

#include "server/data_directory.h"
#include "server/engine.h"
#include "server/front.h"
#include "server/limits.h"
#include "server/open_files.h"
#include "server/refusals.h"
#include "server/tls_identity.h"
#include "server/version.h"

namespace millstream::server {
namespace {

// What is in flight at SIGTERM gets this long; functions, lanes and disk need the rest of two
// seconds.
constexpr int64_t kStopGraceMs = 800;
// A reset waits this long for requests that are under way.
constexpr int64_t kResetPatienceMs = 10'000;
constexpr int kResetLookMs = 1;
// A server that was killed a moment ago may have left a child that was about to begin a function:
// it has the listening socket until it does.
constexpr int64_t kListenPatienceMs = 2000;
constexpr int kListenLookMs = 10;
// Timers and reads of an engine that was stopped are over after this long at the latest.
constexpr int64_t kRetiredMs = 60'000;

class Node {
 public:
  Node(const Config& config, DataDirectory data, uint64_t open_files_max, Control& control)
      : config_(config),
        data_(std::move(data)),
        open_files_max_(open_files_max),
        control_(control),
        reactors_(config.threads) {
    show_usage("millstream_http_connections", "Connections that are open.",
               &http::Server::Usage::connections);
    show_usage("millstream_http_requests", "Requests that are being handled.",
               &http::Server::Usage::requests);
    show_usage("millstream_http_bytes", "Bytes that requests and answers hold.",
               &http::Server::Usage::bytes);
    show_usage("millstream_http_bytes_max", "Bytes that requests and answers may hold.",
               &http::Server::Usage::bytes_max);
  }

  Result<> run() {
    reactors_.start();
    Result<> opened = open_tls();
    if (opened) opened = open_engine();
    if (opened) opened = listen();
    if (opened) {
      print_banner();
      control_.serve();
      spdlog::info("stopping");
    }
    shut_down();
    return opened ? std::move(failure_) : std::move(opened);
  }

 private:
  struct Retired {
    std::unique_ptr<Engine> engine;
    int64_t since_us;
  };

  void show_usage(const std::string& name, const std::string& help,
                  size_t http::Server::Usage::*figure) {
    metrics_.gauges(name, help, [this, figure] {
      const auto reading = [&](const char* of, bool confined) {
        return Metrics::Reading{{{"of", of}}, static_cast<double>(server_.usage(confined).*figure)};
      };
      return std::vector{reading("clients", false), reading("environments", true)};
    });
  }

  Result<> open_tls() {
    auto identity = open_tls_identity(config_, data_.path(), clock_);
    if (!identity) return identity.take_error();
    tls_ = identity.take();
    front_.set_tls(tls_);
    return {};
  }

  Result<> open_engine() {
    engine_ = Engine::make({config_, data_.path(), open_files_max_, clock_, random_, metrics_,
                            refusals_, reactors_, server_});
    Result<> started = engine_->start();
    if (!started) return started;
    front_.set_engine(engine_.get());
    return {};
  }

  http::Server::ListenerOptions listener_options() {
    http::Server::ListenerOptions options;
    options.handler = [this](io::Executor& home, const http::Request& request) {
      return front_.handle(home, request);
    };
    options.judge = [this](io::Executor& home, const http::Request& head) {
      return front_.judge(home, head);
    };
    options.overload_answer = [this](io::Executor& home, const http::Request& head) {
      return front_.overload_answer(home, head);
    };
    options.tls = tls_;
    return options;
  }

  Result<> listen() {
    const int64_t until_us = clock_.monotonic_us() + kListenPatienceMs * 1000;
    auto listener = server_.listen(config_.listen, listener_options());
    while (!listener && listener.error().code == ErrorCode::kAlreadyExists &&
           clock_.monotonic_us() < until_us) {
      // Only a pause: an interruption makes it shorter.
      (void)poll(nullptr, 0, kListenLookMs);
      listener = server_.listen(config_.listen, listener_options());
    }
    if (!listener) return listener.take_error();
    listener_ = *listener;
    auto address = server_.address(listener_);
    if (!address) return address.take_error();
    address_ = address->text();
    return {};
  }

  void print_banner() const {
    const bool synced = config_.durability == journal::Durability::kFsync;
    fmt::print(
        "Millstream {}\n"
        "  endpoint    http://{} https://{}\n"
        "  certificate SHA-256 {}\n"
        "  data        {}\n"
        "  durability  {}\n"
        "  isolation   {}\n"
        "  clients     AWS_ENDPOINT_URL=http://{} AWS_REGION={}{}\n"
        "ready\n",
        kVersion, address_, address_, tls_->fingerprint(), data_.path(),
        synced ? "fsync (what is acknowledged is on disk)"
               : "none (what is acknowledged may be lost when the machine goes down)",
        engine_->isolation_text(), address_, config_.region,
        config_.believes_unknown_keys()
            ? " AWS_ACCESS_KEY_ID=" + config_.account + " AWS_SECRET_ACCESS_KEY=any"
            : "");
    std::fflush(stdout);
  }

  // On the main thread, for Front.
  Result<> reset() {
    front_.set_engine(nullptr);
    if (!wait_for_requests()) {
      front_.set_engine(engine_.get());
      return Error{ErrorCode::kTimeout, "Requests are in flight; nothing was deleted."};
    }
    Result<> stopped = engine_->stop();
    if (!stopped) spdlog::warn("reset: {}", stopped.error().message);
    retire_engine();
    Result<> wiped = data_.wipe();
    if (wiped) wiped = open_engine();
    if (!wiped) {
      spdlog::error("The reset failed, the server stops: {}", wiped.error().message);
      failure_ = wiped.error();
      control_.stop();
    }
    return wiped;
  }

  bool wait_for_requests() const {
    const int64_t until_us = clock_.monotonic_us() + kResetPatienceMs * 1000;
    while (front_.requests_in_flight() > 0) {
      if (clock_.monotonic_us() > until_us) return false;
      // Only a pause: an interruption makes it shorter.
      (void)poll(nullptr, 0, kResetLookMs);
    }
    return true;
  }

  // Something of a stopped engine may still stand in a reactor's queue: it goes a while later.
  void retire_engine() {
    const int64_t now_us = clock_.monotonic_us();
    while (!retired_.empty() && retired_.front().since_us < now_us - kRetiredMs * 1000) {
      retired_.pop_front();
    }
    retired_.push_back({std::move(engine_), now_us});
  }

  void shut_down() {
    if (listener_ != 0 && !server_.drain(listener_, kStopGraceMs)) {
      spdlog::warn("stopped while requests were in flight");
    }
    if (engine_) {
      Result<> stopped = engine_->stop();
      if (!stopped) spdlog::warn("stopping: {}", stopped.error().message);
    }
    server_.stop(0);
    reactors_.stop();
  }

  const Config& config_;
  DataDirectory data_;
  const uint64_t open_files_max_;
  Control& control_;
  SystemClock clock_;
  SystemRandom random_;
  io::Reactors reactors_;
  Metrics metrics_;
  Refusals refusals_{clock_, metrics_, [](const std::string& line) { spdlog::warn("{}", line); }};
  http::Server server_{reactors_, clock_,
                       server_limits({open_files_max_, memory_of_this_machine()}),
                       [this](std::string_view reason) { refusals_.tell(reason); }};
  Front front_{config_, metrics_, [this](std::function<void(Result<>)> done) {
                 control_.run([this, done = std::move(done)] { done(reset()); });
               }};
  std::shared_ptr<const http::TlsContext> tls_;
  std::unique_ptr<Engine> engine_;
  std::deque<Retired> retired_;
  http::Server::ListenerId listener_ = 0;
  std::string address_;
  Result<> failure_;
};

void set_up_log(const std::string& level) {
  auto logger = spdlog::stderr_logger_mt("millstream");
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
  logger->set_level(spdlog::level::from_str(level == "error" ? "err" : level));
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace

Result<> run_node(const Config& config) {
  set_up_log(config.log_level);
  auto control = Control::make();
  if (!control) return control.take_error();
  auto data = DataDirectory::open(config.data);
  if (!data) return data.take_error();
  auto open_to_others = data->is_open_to_others();
  if (!open_to_others) return open_to_others.take_error();
  if (*open_to_others) {
    spdlog::warn("other users of this machine may look into {}: chmod 700 forbids it",
                 data->path());
  }
  auto open_files_max = raise_open_files_limit();
  if (!open_files_max) return open_files_max.take_error();
  Node node(config, data.take(), *open_files_max, **control);
  return node.run();
}

}  // namespace millstream::server
