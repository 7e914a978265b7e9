#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lanes/testing/lanes_fixture.h"
#include "services/logs/operations.gen.h"
#include "services/logs/service.h"

namespace millstream::logs::testing {

// The service on real lanes whose disk, store and clock are in memory.
class LogsFixture {
 public:
  LogsFixture() { open(); }
  ~LogsFixture() { close(); }

  Service& service() { return *service_; }
  lanes::testing::LanesFixture& node() { return node_; }
  int64_t now() { return node_.clock().wall_ms(); }

  // Loses what a crash loses, then starts again.
  void restart() {
    close();
    node_.restart();
    open();
  }
  // Runs the background work that is under way to its end.
  void settle() {
    node_.drive([&] { return !service_->sweeper().busy(); });
  }

  aws::RequestContext context() {
    return {.home = node_.home(),
            .request_id = "request",
            .account = "000000000000",
            .region = "us-east-1",
            .principal_arn = "arn",
            .access_key_id = "key",
            .now_ms = now(),
            .host = "host"};
  }

  void make(const std::string& group, const std::string& stream) {
    const auto at = context();
    api::CreateLogGroupRequest group_input;
    group_input.log_group_name = group;
    CHECK(node_.run(ops::create_log_group(*service_, at, group_input)).ok());
    make_stream(group, stream);
  }
  void make_stream(const std::string& group, const std::string& stream) {
    const auto at = context();
    api::CreateLogStreamRequest stream_input;
    stream_input.log_group_name = group;
    stream_input.log_stream_name = stream;
    CHECK(node_.run(ops::create_log_stream(*service_, at, stream_input)).ok());
  }
  aws::Result<api::PutLogEventsResponse> put(const std::string& group, const std::string& stream,
                                             std::vector<std::pair<int64_t, std::string>> events) {
    const auto at = context();
    api::PutLogEventsRequest input;
    input.log_group_name = group;
    input.log_stream_name = stream;
    for (auto& [timestamp, message] : events) input.log_events.push_back({timestamp, message});
    return node_.run(ops::put_log_events(*service_, at, std::move(input)));
  }
  aws::Result<api::FilterLogEventsResponse> filter(api::FilterLogEventsRequest input) {
    const auto at = context();
    return node_.run(ops::filter_log_events(*service_, at, std::move(input)));
  }
  aws::Result<api::GetLogEventsResponse> get(api::GetLogEventsRequest input) {
    const auto at = context();
    return node_.run(ops::get_log_events(*service_, at, std::move(input)));
  }

 private:
  void open() {
    service_.emplace(node_.lanes(), node_.random(), node_.clock(), node_.home(),
                     [](const std::string&) {});
    node_.lanes().start();
    CHECK(service_->start().ok());
    node_.home().run_until_idle();
  }
  void close() {
    service_->stop();
    settle();
    service_.reset();
  }

  lanes::testing::LanesFixture node_;
  std::optional<Service> service_;
};

}  // namespace millstream::logs::testing
