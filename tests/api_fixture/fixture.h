#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/dispatcher.h"
#include "aws/gateway.h"
#include "aws/service_registry.h"
#include "aws/testing/recorded_failures.h"
#include "aws/testing/recorded_requests.h"
#include "base/clock.h"
#include "base/random.h"
#include "http/message.h"
#include "io/manual_executor.h"
#include "services/fixture_json/service.h"
#include "services/fixture_query/service.h"
#include "services/fixture_rest/service.h"

namespace millstream {

// Says that whoever asks is account 123456789012, for the service that the test names.
class TestAuthenticator final : public aws::Authenticator {
 public:
  aws::Result<aws::Identity> authenticate(const http::Request& request) const override;
  aws::Result<aws::Identity> authenticate_head(const http::Request& head) const override {
    return authenticate(head);
  }
  std::string service;
  bool refuse = false;
};

// A dispatcher over the three made-up services, called as an HTTP session would.
class Fixture {
 public:
  Fixture();

  http::Response send(http::Request request);
  std::optional<http::Response> judge(const http::Request& head);
  http::Response overload_answer(const http::Request& head);
  // A JSON request to fixture_json.
  http::Response json(std::string_view operation, std::string body);
  // The same as CBOR, and by Smithy's RPC v2.
  http::Response cbor(std::string_view operation, std::string body);
  http::Response rpc(std::string_view operation, std::string body);
  // A Query request to fixture_query; Version and Action are added.
  http::Response query(std::string_view operation, std::string_view parameters);
  // A REST request to fixture_rest.
  http::Response rest(std::string_view method, std::string_view target, std::string body,
                      std::vector<std::pair<std::string, std::string>> headers = {});
  aws::Result<std::string> gateway(std::string service, std::string operation, std::string json);

  TestAuthenticator authenticator;
  aws::testing::RecordedFailures failures;
  aws::testing::RecordedRequests requests;

  [[nodiscard]] const aws::ServiceTable& table(std::string_view service) const {
    return *registry_.find(service);
  }

 private:
  fixture_json::Service json_;
  fixture_query::Service query_;
  fixture_rest::Service rest_;
  aws::ServiceRegistry registry_;
  ManualClock clock_;
  SeededRandom random_{1};
  io::ManualExecutor home_;
  std::optional<aws::Dispatcher> dispatcher_;
};

}  // namespace millstream
