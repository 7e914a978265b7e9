#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "aws/error.h"
#include "aws/failure_log.h"
#include "aws/request_context.h"
#include "base/clock.h"
#include "base/random.h"
#include "io/executor.h"
#include "lanes/lanes.h"
#include "services/kinesis/catalog.h"
#include "services/kinesis/quota.h"
#include "services/kinesis/quotas.h"
#include "services/kinesis/remover.h"
#include "services/kinesis/resharder.h"
#include "services/kinesis/scaler.h"
#include "services/kinesis/subscriptions.h"

namespace millstream::kinesis {

struct ServiceOptions {
  Quotas quotas{{}, false};
  // How long streams and consumers are CREATING, UPDATING and DELETING; for a change of shards, at
  // least. On AWS some seconds.
  int64_t transition_ms = 0;
  OnDemandSettings on_demand;  // what a shard takes is a quota and read from there
};

// What the service is made of; all of it outlives it.
struct ServiceHost {
  lanes::Lanes& lanes;
  Random& random;
  const Clock& clock;
  io::Executor& background;
  aws::FailureLog& failures;
  std::function<void(const std::string&)> warn;  // a sentence for the server's own log
};

OnDemandSettings on_demand_settings(const ServiceOptions& options);

// What Kinesis's operations share. Thread-safe.
class Service {
 public:
  // Made before the lanes are started, which the catalogue's observers need.
  Service(ServiceHost host, ServiceOptions options)
      : host_(std::move(host)),
        options_(std::move(options)),
        catalog_(host_.lanes),
        resharder_(host_.lanes, catalog_, host_.background, options_.transition_ms, host_.warn),
        scaler_(
            host_.lanes, catalog_, resharder_, host_.clock, host_.background,
            on_demand_settings(options_),
            [this](const Stream& stream) { return room_for_shards(stream); }, host_.warn),
        quota_(options_.quotas),
        remover_(host_.lanes, catalog_, host_.clock, host_.background, host_.warn) {}

  // Reads the catalogue (blocks), before the first request, and goes on with what was under way.
  Result<> start();
  // On the background executor's thread: no further step begins.
  void stop() {
    scaler_.stop();
    resharder_.stop();
    remover_.stop();
  }
  // Whether a step is under way: it refers to this object.
  [[nodiscard]] bool busy() const { return scaler_.busy() || resharder_.busy() || remover_.busy(); }

  [[nodiscard]] lanes::Lanes& lanes() { return host_.lanes; }
  [[nodiscard]] Random& random() { return host_.random; }
  // For failures that stand inside an answer; one that is the answer is logged by the dispatcher.
  [[nodiscard]] aws::FailureLog& failures() { return host_.failures; }
  [[nodiscard]] const ServiceOptions& options() const { return options_; }
  [[nodiscard]] const Quotas& quotas() const { return options_.quotas; }
  [[nodiscard]] Catalog& catalog() { return catalog_; }
  [[nodiscard]] Resharder& resharder() { return resharder_; }
  [[nodiscard]] Scaler& scaler() { return scaler_; }
  [[nodiscard]] Subscriptions& subscriptions() { return subscriptions_; }
  [[nodiscard]] const Clock& clock() const { return host_.clock; }
  [[nodiscard]] ShardQuota& quota() { return quota_; }
  // How many more shards the stream's account may have in its region.
  [[nodiscard]] size_t room_for_shards(const Stream& stream) const;
  // Something became DELETING: its document goes at the end of that.
  void remove_later() {
    if (options_.transition_ms > 0) remover_.wake();
  }
  // Rises by one: where records go in a stream that spreads them evenly.
  [[nodiscard]] uint64_t next_place() {
    return next_place_.fetch_add(1, std::memory_order_relaxed);
  }

  // The stream that a request names in one of the three ways that AWS knows, for reading and
  // writing its records: one that is still CREATING isn't there yet. Fails with AWS's
  // ResourceNotFoundException or InvalidArgumentException, and with AccessDeniedException for
  // another account's stream whose policy doesn't let the caller do context.operation.
  aws::Result<std::shared_ptr<const Stream>> find_stream(
      const aws::RequestContext& context, const std::optional<std::string>& name,
      const std::optional<std::string>& arn, const std::optional<std::string>& stream_id);
  // The same for what looks at the stream itself, whatever its status.
  aws::Result<std::shared_ptr<const Stream>> find_stream_in_any_status(
      const aws::RequestContext& context, const std::optional<std::string>& name,
      const std::optional<std::string>& arn, const std::optional<std::string>& stream_id);

  // The consumer of that ARN, of this account or another whose policy lets the caller do
  // context.operation; whatever its status. Fails as find_stream does.
  aws::Result<std::shared_ptr<const Consumer>> find_consumer(const aws::RequestContext& context,
                                                             std::string_view arn);
  // Whether the stream still has the consumer of that ARN.
  [[nodiscard]] bool has_consumer(const Stream& stream, std::string_view arn) const;

 private:
  ServiceHost host_;
  const ServiceOptions options_;
  Catalog catalog_;
  Resharder resharder_;
  Scaler scaler_;
  ShardQuota quota_;
  Remover remover_;
  Subscriptions subscriptions_;
  std::atomic<uint64_t> next_place_{0};
};

// ResourceNotFoundException in AWS's words.
aws::Error stream_not_found(std::string_view name, std::string_view account);
aws::Error consumer_not_found(std::string_view name_or_arn, std::string_view account);

// What a request with DryRun gets in place of its effect: it would have been allowed.
aws::Result<> refuse_dry_run(const std::optional<bool>& dry_run);

}  // namespace millstream::kinesis
