#include "server/environment_gate.h"

namespace millstream::server {
namespace {

// What one environment may take of the server with its requests to AWS. A client keeps up to 50
// connections to a service (the JavaScript SDK); BatchWriteItem's 16 MB are the largest request
// that functions send as they run.
constexpr http::ListenerLimits kEndpointLimits = {.connections_max = 256,
                                                  .requests_max = 256,
                                                  .bytes_max = 48u << 20,
                                                  .body_bytes_max = 24u << 20,
                                                  .http2_streams_max = 64};

}  // namespace

http::Server::ListenerOptions EnvironmentGate::aws_endpoint(std::string label) {
  http::Server::ListenerOptions options = endpoint_;
  options.label = std::move(label);
  options.limits = kEndpointLimits;
  return options;
}

void EnvironmentGate::admit(const functions::EnvironmentCredentials& credentials) {
  environments_.add(1);
  aws::Credential credential;
  credential.access_key_id = credentials.access_key_id;
  credential.secret_access_key = credentials.secret_access_key;
  credential.session_token = credentials.session_token;
  credential.account = credentials.account;
  credential.principal_arn = credentials.principal_arn;
  credential.listener_label = functions::environment_label(credentials);
  credentials_.add(std::move(credential), clock_.wall_ms());
}

void EnvironmentGate::dismiss(const std::string& access_key_id) {
  environments_.add(-1);
  credentials_.remove(access_key_id);
}

}  // namespace millstream::server
