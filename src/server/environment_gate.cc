#include "server/environment_gate.h"

namespace millstream::server {

void EnvironmentGate::admit(const functions::EnvironmentCredentials& credentials) {
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
  credentials_.remove(access_key_id);
}

}  // namespace millstream::server
