#include "sim/node.h"

#include <utility>

#include "services/dynamodb/operations.gen.h"
#include "services/kinesis/operations.gen.h"
#include "sim/state_store.h"
#include "store/cached_store.h"

namespace millstream::sim {
namespace {

constexpr int64_t kSecondUs = 1'000'000;
// So little that values are pushed out all the time.
constexpr size_t kCachedValueBytes = 64u << 10;
// Longer than anything that the server waits for without being told to end.
constexpr int64_t kEndUsMax = 200 * kSecondUs;
// Housekeeping looks once a second whether it shall end.
constexpr int64_t kHousekeepingEndUs = 2 * kSecondUs;

bool tells_of_a_full_disk(const std::string& detail) {
  return detail.find("the disk is full") != std::string::npos ||
         detail.find("found no segment") != std::string::npos;
}

Reply reply_of(const aws::Error& error) {
  Reply reply;
  if (error.http_status < 500) {
    reply.ending = Ending::kRefused;
    reply.error_type = error.type;
    reply.detail = error.message;
    return reply;
  }
  reply.detail = error.detail;
  if (tells_of_a_full_disk(error.detail)) reply.ending = Ending::kRefused;
  return reply;
}

}  // namespace

Node::Node(const Parts& parts, const NodeOptions& options, uint64_t seed)
    : parts_(parts),
      options_(options),
      dice_(seed),
      life_(parts.machine.start_process()),
      disk_(parts.machine.disk_of(life_)),
      pool_(parts.scheduler),
      workers_(parts.scheduler) {
  for (size_t i = 0; i < options.reactors; ++i) {
    executors_.push_back(std::make_unique<SimulatedExecutor>(parts.scheduler));
  }
}

Node::~Node() = default;

Result<> Node::open_lanes() {
  journal::JournalOptions journal_options;
  journal_options.directory = "/data/journal";
  journal_options.segment_bytes = options_.segment_bytes;
  journal_options.zero_ahead_bytes = options_.zero_ahead_bytes;
  journal_options.recent_bytes_max = options_.recent_bytes_max;
  auto journal = journal::Journal::open(journal_options, *disk_, workers_, parts_.random);
  if (!journal) return journal.take_error();
  journal_ = journal.take();
  store_ = store::make_cached_store(
      std::make_unique<SimulatedStore>(parts_.machine.state(), life_, Dice(dice_.draw()),
                                       options_.cold_read_once_in),
      kCachedValueBytes);
  lanes::LanesOptions lanes_options;
  lanes_options.index_directory = "/data/index";
  lanes_options.lane_count = options_.lanes;
  lanes_options.flush_after_bytes = options_.flush_after_bytes;
  lanes_options.flush_interval_ms = options_.flush_interval_ms;
  lanes_options.trim_interval_ms = options_.trim_interval_ms;
  std::vector<io::Executor*> executors;
  for (const auto& executor : executors_) executors.push_back(executor.get());
  auto lanes = lanes::open_lanes(
      lanes_options, *journal_, *store_, *disk_, std::move(executors),
      [this](Callback work) { pool_.run(std::move(work)); }, parts_.clock);
  if (!lanes) return lanes.take_error();
  lanes_ = lanes.take();
  return {};
}

Result<> Node::start() {
  const auto ignore = [](const std::string&) {};
  Result<> opened = open_lanes();
  if (!opened) return opened;
  kinesis_ = std::make_unique<kinesis::Service>(
      kinesis::ServiceHost{*lanes_, parts_.random, parts_.clock, reactor(0), failures_, ignore},
      kinesis::ServiceOptions{});
  dynamodb_ = std::make_unique<dynamodb::Service>(*lanes_, parts_.random, reactor(0), ignore);
  std::vector<io::Executor*> executors;
  for (const auto& executor : executors_) executors.push_back(executor.get());
  triggers_ = std::make_unique<triggers::Engine>(
      triggers::Engine::Parts{*lanes_, kinesis_->catalog(), parts_.functions, parts_.invoker,
                              parts_.clock, parts_.random, std::move(executors), ignore});
  registry_.add(kinesis::operation_table(*kinesis_));
  registry_.add(dynamodb::operation_table(*dynamodb_));
  lanes_->start();
  if (Result<> loaded = kinesis_->start(); !loaded) return loaded;
  if (Result<> started = dynamodb_->start(); !started) return started;
  return triggers_->start();
}

bool Node::run_until(int64_t within_us, const std::function<bool()>& done) {
  return parts_.scheduler.run(parts_.scheduler.now_us() + within_us, done);
}

io::Task<> Node::note_end(io::Task<Result<>> stopping, std::optional<Result<>>* outcome) {
  Result<> stopped = co_await stopping;
  outcome->emplace(std::move(stopped));
}

bool Node::stop() {
  bool ended = true;
  if (triggers_) {
    triggers_->stop();
    kinesis_->stop();
    dynamodb_->stop();
    ended = run_until(kEndUsMax, [this] {
      return requests_under_way == 0 && triggers_->running() == 0 && !kinesis_->busy() &&
             !dynamodb_->sweeper().busy();
    });
  }
  if (lanes_) {
    // A failure only means that the next start has more to replay.
    std::optional<Result<>> outcome;
    auto stopping = std::make_shared<io::Task<>>(note_end(lanes_->stop(reactor(0)), &outcome));
    reactor(0).post([stopping] { io::spawn(std::move(*stopping)); });
    ended &= run_until(kEndUsMax, [&outcome] { return outcome.has_value(); });
    // A flush may be under way in the pool; its housekeeping ends behind it.
    (void)run_until(kHousekeepingEndUs, [] { return false; });
  }
  if (journal_) journal_->close();
  return ended;
}

bool Node::has_excuse() const {
  const Machine& machine = parts_.machine;
  return life_->dead || machine.disk_has_failed() || machine.read_has_failed() ||
         machine.may_fail_reads() || parts_.machine.state().has_failed;
}

io::Task<Reply> Node::call(io::Executor& home, std::string service, std::string operation,
                           std::string json) {
  const aws::RequestContext context{.home = home,
                                    .request_id = parts_.random.uuid(),
                                    .account = kAccount,
                                    .region = kRegion,
                                    .principal_arn = "arn:aws:iam::000000000000:root",
                                    .access_key_id = kAccount,
                                    .now_ms = parts_.clock.wall_ms(),
                                    .host = "localhost:4566"};
  aws::Result<std::string> answer =
      co_await gateway_.call(context, std::move(service), std::move(operation), std::move(json));
  if (life_->dead) co_return Reply{};
  if (!answer) co_return reply_of(answer.error());
  co_return Reply{Ending::kDone, answer.take(), {}, {}};
}

}  // namespace millstream::sim
