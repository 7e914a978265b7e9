#pragma once

#include "aws/credentials.h"
#include "base/clock.h"
#include "base/metrics.h"
#include "services/functions/environments/environment_host.h"

namespace millstream::server {

// Lets function environments in: each with credentials of its own, good on its own listener only,
// and with bounds of its own.
// Thread-safe; what it was given outlives it.
class EnvironmentGate final : public functions::EnvironmentAccess {
 public:
  // `endpoint` answers requests to AWS.
  EnvironmentGate(aws::CredentialStore& credentials, const Clock& clock, Metrics& metrics,
                  http::Server::ListenerOptions endpoint)
      : credentials_(credentials),
        clock_(clock),
        environments_(metrics.gauge("millstream_environments", "Function environments.")),
        endpoint_(std::move(endpoint)) {}

  void admit(const functions::EnvironmentCredentials& credentials) override;
  void dismiss(const std::string& access_key_id) override;
  [[nodiscard]] http::Server::ListenerOptions aws_endpoint(std::string label) override;

 private:
  aws::CredentialStore& credentials_;
  const Clock& clock_;
  Counter& environments_;
  const http::Server::ListenerOptions endpoint_;
};

}  // namespace millstream::server
