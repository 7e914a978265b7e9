#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "aws/error.h"
#include "aws/failure_log.h"
#include "aws/request_context.h"
#include "base/random.h"
#include "lanes/lanes.h"
#include "services/kinesis/catalog.h"
#include "services/kinesis/quota.h"
#include "services/kinesis/resharder.h"

namespace millstream::kinesis {

struct ServiceOptions {
  bool aws_quotas = false;    // --quotas aws: rates per shard, shards per account
  int64_t transition_ms = 0;  // how long a change of a stream's shards takes at least
};

// What Kinesis's operations share. Thread-safe. What it was given outlives it.
class Service {
 public:
  // `warn` takes sentences for the server's log.
  Service(lanes::Lanes& lanes, Random& random, aws::FailureLog& failures, io::Executor& background,
          std::function<void(const std::string&)> warn, ServiceOptions options)
      : lanes_(lanes),
        random_(random),
        failures_(failures),
        options_(options),
        catalog_(lanes),
        resharder_(lanes, catalog_, background, options.transition_ms, std::move(warn)) {}

  // Reads the catalogue, before the first request, and goes on with what was under way.
  Result<> start();
  // On the background executor's thread: no further step begins.
  void stop() { resharder_.stop(); }
  // Whether a step is under way: it refers to this object.
  [[nodiscard]] bool busy() const { return resharder_.busy(); }

  [[nodiscard]] lanes::Lanes& lanes() { return lanes_; }
  [[nodiscard]] Random& random() { return random_; }
  // For failures that stand inside an answer; one that is the answer is logged by the dispatcher.
  [[nodiscard]] aws::FailureLog& failures() { return failures_; }
  [[nodiscard]] const ServiceOptions& options() const { return options_; }
  [[nodiscard]] Catalog& catalog() { return catalog_; }
  [[nodiscard]] Resharder& resharder() { return resharder_; }
  [[nodiscard]] ShardQuota& quota() { return quota_; }

  // The stream that a request names in one of the three ways that AWS knows. Fails with AWS's
  // ResourceNotFoundException or InvalidArgumentException.
  aws::Result<std::shared_ptr<const Stream>> find_stream(
      const aws::RequestContext& context, const std::optional<std::string>& name,
      const std::optional<std::string>& arn, const std::optional<std::string>& stream_id);

 private:
  lanes::Lanes& lanes_;
  Random& random_;
  aws::FailureLog& failures_;
  const ServiceOptions options_;
  Catalog catalog_;
  Resharder resharder_;
  ShardQuota quota_;
};

// What a request with DryRun gets in place of its effect: it would have been allowed.
aws::Result<> refuse_dry_run(const std::optional<bool>& dry_run);

}  // namespace millstream::kinesis
