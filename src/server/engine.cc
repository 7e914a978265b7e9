#include "server/engine.h"

#include <algorithm>
#include <future>

#include "aws/credentials.h"
#include "aws/dispatcher.h"
#include "aws/gateway.h"
#include "io/blocking_pool.h"
#include "io/measured_disk.h"
#include "io/real_disk.h"
#include "io/workers.h"
#include "lanes/open.h"
#include "server/logged_failures.h"
#include "server/request_metrics.h"
#include "server/services.h"
#include "store/cached_store.h"
#include "store/rocks_store.h"

namespace millstream::server {
namespace {

// Cold reads and file work at a time.
constexpr size_t kBlockingThreads = 4;
// What was read or written lately, whole; RocksDB's own cache of blocks is four times as large.
constexpr size_t kCachedValueBytes = 64u << 20;

class OpenEngine final : public Engine {
 public:
  explicit OpenEngine(EngineHost host) : host_(std::move(host)) {}

  Result<> start() override {
    Result<> disk = disk_.make_directories(host_.data + "/journal");
    if (!disk) return disk;
    Result<> opened = open_lanes();
    if (!opened) return opened;
    add_configured_keys();
    services_ = make_services({host_, *lanes_, blocking_, host_.reactors.at(0), credentials_,
                               gateway_, failures_, registry_, endpoint()});
    for (const aws::ServiceTable& table : registry_.tables()) requests_.add(*table.model);
    lanes_->start();
    return services_->start();
  }

  io::Task<http::Response> handle(io::Executor& home, const http::Request& request) override {
    return dispatcher_.handle(home, request);
  }
  std::optional<http::Response> judge(io::Executor& home, const http::Request& head) override {
    return dispatcher_.judge(home, head);
  }
  http::Response overload_answer(io::Executor& home, const http::Request& head) override {
    return dispatcher_.overload_answer(home, head);
  }

  [[nodiscard]] std::string poisoned() const override { return lanes_->poisoned(); }

  [[nodiscard]] std::string isolation_text() const override { return services_->isolation_text(); }

  Result<> stop() override {
    if (services_) services_->stop();
    Result<> stopped = lanes_ ? stop_lanes() : Result<>();
    if (journal_) journal_->close();
    blocking_.stop();
    if (store_) store_->close();
    return stopped;
  }

 private:
  http::Server::ListenerOptions endpoint() {
    http::Server::ListenerOptions options;
    options.handler = [this](io::Executor& home, const http::Request& request) {
      return dispatcher_.handle(home, request);
    };
    options.judge = [this](io::Executor& home, const http::Request& head) {
      return dispatcher_.judge(home, head);
    };
    options.overload_answer = [this](io::Executor& home, const http::Request& head) {
      return dispatcher_.overload_answer(home, head);
    };
    return options;
  }

  Result<> stop_lanes() {
    std::promise<Result<>> stopped;
    io::Executor& home = host_.reactors.at(0);
    home.post([&] { io::spawn(tell_when_stopped(*lanes_, home, stopped)); });
    return stopped.get_future().get();
  }
  static io::Task<> tell_when_stopped(lanes::OpenLanes& lanes, io::Executor& home,
                                      std::promise<Result<>>& stopped) {
    Result<> done = co_await lanes.stop(home);
    stopped.set_value(std::move(done));
  }

  Result<> open_lanes() {
    journal::JournalOptions options;
    options.directory = host_.data + "/journal";
    options.durability = host_.config.durability;
    auto journal = journal::Journal::open(options, journal_disk_, workers_, host_.random);
    if (!journal) return journal.take_error();
    journal_ = journal.take();
    store::RocksStoreOptions store_options;
    store_options.directory = host_.data + "/state";
    store_options.open_files_max =
        std::min<uint64_t>(store_options.open_files_max, host_.open_files_max / 4);
    auto store = store::open_rocks_store(store_options);
    if (!store) return store.take_error();
    store_ = store::make_cached_store(store.take(), kCachedValueBytes);
    auto lanes = lanes::open_lanes(
        {.index_directory = host_.data + "/index", .metrics = &host_.metrics}, *journal_, *store_,
        disk_, host_.reactors.executors(),
        [this](Callback work) { blocking_.run(std::move(work)); }, host_.clock);
    if (!lanes) return lanes.take_error();
    lanes_ = lanes.take();
    return {};
  }

  void add_configured_keys() {
    for (const Config::Key& key : host_.config.keys) {
      const std::string& account = key.account.empty() ? host_.config.account : key.account;
      credentials_.add(
          {key.access_key_id, key.secret_access_key, account, "arn:aws:iam::" + account + ":root"},
          host_.clock.wall_ms());
    }
  }

  const EngineHost host_;
  io::RealDisk disk_;
  io::MeasuredDisk journal_disk_{disk_, host_.clock, host_.metrics, "millstream_journal"};
  io::ThreadWorkers workers_;
  io::BlockingPool blocking_{kBlockingThreads};
  std::unique_ptr<journal::Journal> journal_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<lanes::OpenLanes> lanes_;
  aws::CredentialStore credentials_;
  aws::SignatureAuthenticator authenticator_{
      credentials_,
      host_.clock,
      {.accept_unknown_keys = host_.config.believes_unknown_keys(),
       .default_account = host_.config.account,
       .web_pages = host_.config.web_pages}};
  LoggedFailures failures_;
  RequestMetrics requests_{host_.metrics, host_.refusals};
  aws::ServiceRegistry registry_;
  aws::RegistryGateway gateway_{registry_, failures_};
  aws::Dispatcher dispatcher_{registry_, authenticator_, failures_,
                              requests_, host_.clock,    host_.random};
  std::unique_ptr<Services> services_;
};

}  // namespace

std::unique_ptr<Engine> Engine::make(EngineHost host) {
  return std::make_unique<OpenEngine>(std::move(host));
}

}  // namespace millstream::server
