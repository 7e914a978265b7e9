#include "server/services.h"

#include <poll.h>
#include <spdlog/spdlog.h>

#include <cstdlib>
#include <future>

#include "server/environment_gate.h"
#include "services/cloudformation/operations.gen.h"
#include "services/cloudformation/service.h"
#include "services/dynamodb/operations.gen.h"
#include "services/dynamodb/service.h"
#include "services/functions/functions.h"
#include "services/iam/operations.gen.h"
#include "services/iam/service.h"
#include "services/kinesis/operations.gen.h"
#include "services/kinesis/service.h"
#include "services/lambda/operations.gen.h"
#include "services/lambda/service.h"
#include "services/logs/operations.gen.h"
#include "services/logs/service.h"
#include "services/sts/operations.gen.h"
#include "services/sts/service.h"
#include "services/triggers/engine.h"

namespace millstream::server {
namespace {

// Triggers' workers end when the call that they wait for has: soon, for the functions are stopped.
constexpr int kWorkersEndMs = 300;

void warn(const std::string& sentence) {
  spdlog::warn("{}", sentence);
}

functions::FunctionsOptions functions_options(const EngineHost& engine) {
  functions::FunctionsOptions options = functions::default_functions_options();
  const Config& config = engine.config;
  options.isolation = config.isolation == Config::Isolation::kNamespaces
                          ? functions::IsolationMode::kNamespaces
                          : functions::IsolationMode::kProcess;
  options.own_network = config.isolation == Config::Isolation::kNamespaces &&
                        config.function_network == Config::FunctionNetwork::kIsolated;
  options.data_directory = engine.data;
  if (const char* path = std::getenv("PATH")) options.runtimes.search_path = path;
  options.warn = warn;
  return options;
}

class AllServices final : public Services {
 public:
  explicit AllServices(ServicesHost host) : host_(std::move(host)) {
    aws::ServiceRegistry& registry = host_.registry;
    registry.add(kinesis::operation_table(kinesis_));
    registry.add(dynamodb::operation_table(dynamodb_));
    registry.add(logs::operation_table(logs_));
    registry.add(lambda::operation_table(lambda_));
    registry.add(iam::operation_table(iam_));
    registry.add(sts::operation_table(sts_));
    registry.add(cloudformation::operation_table(cloudformation_));
    host_.engine.metrics.gauges(
        "millstream_trigger_iterator_age_seconds",
        "How old the newest record of a trigger's last batch was when its function got it.",
        [this] { return iterator_ages(); });
  }

  // A service comes after those that it calls.
  Result<> start() override {
    if (Result<> kinesis = kinesis_.start(); !kinesis) return kinesis.error().in("kinesis");
    if (Result<> dynamodb = dynamodb_.start(); !dynamodb) return dynamodb.error().in("dynamodb");
    if (Result<> logs = logs_.start(); !logs) return logs.error().in("logs");
    if (Result<> iam = iam_.load(); !iam) return iam.error().in("iam");
    if (Result<> sts = sts_.load(); !sts) return sts.error().in("sts");
    if (Result<> functions = functions_.start(); !functions) return functions;
    if (Result<> triggers = triggers_.start(); !triggers) return triggers.error().in("triggers");
    Result<> resumed = cloudformation_.resume(host_.background);
    if (!resumed) return resumed.error().in("cloudformation");
    return {};
  }

  void stop() override {
    cloudformation_.stop();
    triggers_.stop();
    functions_.stop();
    for (int waited = 0; triggers_.running() > 0 && waited < kWorkersEndMs; ++waited) {
      // Only a pause: an interruption makes it shorter.
      (void)poll(nullptr, 0, 1);
    }
    flush_logs();
    on_background([this] {
      kinesis_.stop();
      dynamodb_.stop();
      logs_.stop();
    });
  }

  [[nodiscard]] std::string isolation_text() const override { return functions_.isolation_text(); }

 private:
  [[nodiscard]] std::vector<Metrics::Reading> iterator_ages() const {
    std::vector<Metrics::Reading> ages;
    for (const auto& trigger : triggers_.all()) {
      const auto mapping = trigger->mapping();
      ages.push_back({{{"trigger", mapping->uuid},
                       {"stream", mapping->stream_arn},
                       {"function", mapping->function_name}},
                      static_cast<double>(trigger->iterator_age_ms()) / 1000});
    }
    return ages;
  }

  // Runs `work` on the background executor and waits for its end.
  void on_background(const std::function<void()>& work) {
    std::promise<void> done;
    host_.background.post([&] {
      work();
      done.set_value();
    });
    done.get_future().get();
  }

  static io::Task<> flush(logs::Service& logs, std::promise<void>& done) {
    co_await logs.flush();
    done.set_value();
  }
  void flush_logs() {
    std::promise<void> done;
    host_.background.post([&] { io::spawn(flush(logs_, done)); });
    done.get_future().get();
  }

  const ServicesHost host_;
  lanes::OpenLanes& lanes_ = host_.lanes;
  Random& random_ = host_.engine.random;
  Clock& clock_ = host_.engine.clock;
  io::Executor& background_ = host_.background;
  const bool aws_quotas_ = host_.engine.config.aws_quotas;

  EnvironmentGate gate_{host_.credentials, clock_, host_.engine.metrics, host_.endpoint};
  kinesis::Service kinesis_{{lanes_, random_, clock_, background_, host_.failures, warn},
                            {.quotas = {host_.engine.config.quota_values, aws_quotas_},
                             .transition_ms = host_.engine.config.transition_ms,
                             .on_demand = host_.engine.config.on_demand}};
  dynamodb::Service dynamodb_{lanes_, random_, background_, warn};
  logs::Service logs_{lanes_, random_, clock_, background_, warn};
  iam::Service iam_{lanes_, random_, {.aws_quotas = aws_quotas_}};
  sts::Service sts_{lanes_, random_, clock_, iam_.catalog(), host_.credentials};
  functions::Functions functions_{{lanes_, background_, host_.blocking, host_.engine.server, gate_,
                                   logs_.log_sink(), clock_, random_},
                                  functions_options(host_.engine)};
  triggers::Engine triggers_{{lanes_, kinesis_.catalog(), functions_, functions_, clock_, random_,
                              host_.engine.reactors.executors(), warn}};
  lambda::Service lambda_{functions_, triggers_, lanes_, random_};
  cloudformation::Service cloudformation_{lanes_, host_.gateway, clock_, random_, warn};
};

}  // namespace

std::unique_ptr<Services> make_services(ServicesHost host) {
  return std::make_unique<AllServices>(std::move(host));
}

}  // namespace millstream::server
