#pragma once

#include <functional>
#include <memory>
#include <string>

#include "aws/error.h"
#include "aws/request_context.h"
#include "base/clock.h"
#include "base/random.h"
#include "lanes/lanes.h"
#include "services/logs/catalogue.h"
#include "services/logs/log_writer.h"
#include "services/logs/sweeper.h"

namespace millstream::logs {

// CloudWatch Logs: groups, streams and events, each durable before its call is answered.
//
// Concurrency: operations run on any executor. A group with all its streams and events lives in one
// lane, so changes within a group happen one after the other.
// Limits: services/logs/limits.h.
class Service {
 public:
  // Made before lanes.start(), which the catalogue's observers need. All references outlive it.
  // `background` runs the sweeper and the function log writer; `warn` gets a sentence for the
  // server's own log, on any thread.
  Service(lanes::Lanes& lanes, Random& random, Clock& clock, io::Executor& background,
          std::function<void(const std::string&)> warn);

  // Reads the catalogue (blocks) and starts the sweeper; after lanes.start().
  Result<> start();
  // Takes no more function logs, and stops the sweeper. On the background executor's thread or
  // after it stopped.
  void stop();

  [[nodiscard]] functions::LogSink& log_sink() { return writer_; }
  // Writes out what functions have logged so far; ends on the background executor.
  io::Task<> flush() { return writer_.flush(); }

  // ---- For the operations.
  [[nodiscard]] lanes::Lanes& lanes() { return lanes_; }
  [[nodiscard]] Random& random() { return random_; }
  [[nodiscard]] Catalogue& catalogue() { return catalogue_; }
  [[nodiscard]] Sweeper& sweeper() { return sweeper_; }
  [[nodiscard]] lanes::LaneId lane_of(const GroupAddress& address) const {
    return lanes_.lane_of(group_hash(address));
  }
  // The group that a request names, in the caller's account and region; ResourceNotFoundException.
  aws::Result<Group> find_group(const aws::RequestContext& context, std::string_view name) const;
  // The same where a request may give logGroupName or logGroupIdentifier: just one of them.
  aws::Result<Group> find_group(const aws::RequestContext& context,
                                const std::optional<std::string>& name,
                                const std::optional<std::string>& identifier) const;

 private:
  lanes::Lanes& lanes_;
  Random& random_;
  Catalogue catalogue_;
  Sweeper sweeper_;
  LogWriter writer_;
};

GroupAddress group_address(const aws::RequestContext& context, std::string_view name);

}  // namespace millstream::logs
