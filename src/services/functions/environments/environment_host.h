#pragma once

#include <functional>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "http/server.h"
#include "io/executor.h"
#include "services/functions/log_sink.h"
#include "services/functions/sandbox/sandboxes.h"

namespace millstream::functions {

// What one environment signs its calls with. Valid while the environment lives, and only on its own
// listener.
struct EnvironmentCredentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;
  std::string account;
  std::string region;
  std::string
      principal_arn;  // the role's session: arn:aws:sts::<account>:assumed-role/<role>/<name>
};

// The AWS endpoint's side of environments, implemented by the composition root. Thread-safe; both
// don't wait.
class EnvironmentAccess {
 public:
  virtual ~EnvironmentAccess() = default;
  // From now on requests with these credentials are answered, if they come through the listener
  // that is labelled environment_label(credentials).
  virtual void admit(const EnvironmentCredentials& credentials) = 0;
  virtual void dismiss(const std::string& access_key_id) = 0;
  // How the environment's requests to AWS are answered, and what they may take.
  [[nodiscard]] virtual http::Server::ListenerOptions aws_endpoint(std::string label) = 0;
};

inline std::string environment_label(const EnvironmentCredentials& credentials) {
  return "environment:" + credentials.access_key_id;
}

// What all environments share. Everything outlives them.
struct EnvironmentHost {
  io::Executor& executor;  // all environments' state belongs to its thread
  http::Server& server;
  Sandboxes& sandboxes;
  EnvironmentAccess& access;
  LogSink& log_sink;
  const Clock& clock;
  Random& random;
};

}  // namespace millstream::functions
