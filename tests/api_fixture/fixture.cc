#include "fixture.h"

#include "services/fixture_json/operations.gen.h"
#include "services/fixture_query/operations.gen.h"
#include "services/fixture_rest/operations.gen.h"

namespace millstream {

namespace {

io::Task<> answer(aws::Dispatcher& dispatcher, io::Executor& home, const http::Request& request,
                  http::Response* response) {
  *response = co_await dispatcher.handle(home, request);
}

io::Task<> call(aws::Gateway& gateway, const aws::RequestContext& context, std::string service,
                std::string operation, std::string json,
                std::optional<aws::Result<std::string>>* result) {
  auto called =
      co_await gateway.call(context, std::move(service), std::move(operation), std::move(json));
  result->emplace(std::move(called));
}

}  // namespace

aws::Result<aws::Identity> TestAuthenticator::authenticate(const http::Request&) const {
  if (refuse) {
    return aws::Error("UnrecognizedClientException", 400,
                      "The security token included in the request is invalid.");
  }
  return aws::Identity{"123456789012", "us-east-1", service, "arn:aws:iam::123456789012:root",
                       "AKIATEST"};
}

Fixture::Fixture() {
  registry_.add(fixture_json::operation_table(json_));
  registry_.add(fixture_query::operation_table(query_));
  registry_.add(fixture_rest::operation_table(rest_));
  aws::Dispatcher::Options options;
  options.decompressed_bytes_max = 1u << 20;
  dispatcher_.emplace(registry_, authenticator, failures, requests, clock_, random_, options);
}

std::optional<http::Response> Fixture::judge(const http::Request& head) {
  return dispatcher_->judge(home_, head);
}

http::Response Fixture::overload_answer(const http::Request& head) {
  return dispatcher_->overload_answer(home_, head);
}

http::Response Fixture::send(http::Request request) {
  http::Response response;
  io::spawn(answer(*dispatcher_, home_, request, &response));
  home_.run_until_idle();
  return response;
}

http::Response Fixture::json(std::string_view operation, std::string body) {
  authenticator.service = "fixture-json";
  http::Request request;
  request.method = "POST";
  request.target = "/";
  request.headers.add("X-Amz-Target", "Fixture_20200101." + std::string(operation));
  request.headers.add("Content-Type", "application/x-amz-json-1.1");
  request.body = std::move(body);
  return send(std::move(request));
}

http::Response Fixture::cbor(std::string_view operation, std::string body) {
  authenticator.service = "fixture-json";
  http::Request request;
  request.method = "POST";
  request.target = "/";
  request.headers.add("X-Amz-Target", "Fixture_20200101." + std::string(operation));
  request.headers.add("Content-Type", "application/x-amz-cbor-1.1");
  request.body = std::move(body);
  return send(std::move(request));
}

http::Response Fixture::rpc(std::string_view operation, std::string body) {
  authenticator.service = "fixture-json";
  http::Request request;
  request.method = "POST";
  request.target = "/service/Fixture_20200101/operation/" + std::string(operation);
  request.headers.add("Smithy-Protocol", "rpc-v2-cbor");
  request.headers.add("Content-Type", "application/cbor");
  request.body = std::move(body);
  return send(std::move(request));
}

http::Response Fixture::query(std::string_view operation, std::string_view parameters) {
  authenticator.service = "fixture-query";
  http::Request request;
  request.method = "POST";
  request.target = "/";
  request.headers.add("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
  request.body = "Action=" + std::string(operation) + "&Version=2020-01-02";
  if (!parameters.empty()) request.body.append("&").append(parameters);
  return send(std::move(request));
}

http::Response Fixture::rest(std::string_view method, std::string_view target, std::string body,
                             std::vector<std::pair<std::string, std::string>> headers) {
  authenticator.service = "fixture-rest";
  http::Request request;
  request.method = method;
  request.target = target;
  for (auto& [name, value] : headers) request.headers.add(std::move(name), std::move(value));
  request.body = std::move(body);
  return send(std::move(request));
}

aws::Result<std::string> Fixture::gateway(std::string service, std::string operation,
                                          std::string json) {
  aws::RegistryGateway gateway(registry_, failures);
  const aws::RequestContext context{home_};
  std::optional<aws::Result<std::string>> result;
  io::spawn(
      call(gateway, context, std::move(service), std::move(operation), std::move(json), &result));
  home_.run_until_idle();
  return std::move(*result);
}

}  // namespace millstream
