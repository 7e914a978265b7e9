#pragma once

#include "aws/credentials.h"
#include "base/clock.h"
#include "services/functions/environments/environment_host.h"

namespace millstream::server {

// Lets function environments in: each with credentials of its own, good on its own listener only.
// Thread-safe; what it was given outlives it.
class EnvironmentGate final : public functions::EnvironmentAccess {
 public:
  EnvironmentGate(aws::CredentialStore& credentials, const Clock& clock, http::Handler handler)
      : credentials_(credentials), clock_(clock), handler_(std::move(handler)) {}

  void admit(const functions::EnvironmentCredentials& credentials) override;
  void dismiss(const std::string& access_key_id) override;
  [[nodiscard]] http::Handler handler() override { return handler_; }

 private:
  aws::CredentialStore& credentials_;
  const Clock& clock_;
  const http::Handler handler_;
};

}  // namespace millstream::server
