#pragma once

#include <memory>

#include "aws/credentials.h"
#include "aws/failure_log.h"
#include "aws/gateway.h"
#include "aws/service_registry.h"
#include "base/result.h"
#include "http/message.h"
#include "io/blocking_pool.h"
#include "lanes/open.h"
#include "server/engine.h"

namespace millstream::server {

// What services are made of; all of it outlives them.
struct ServicesHost {
  const EngineHost& engine;
  lanes::OpenLanes& lanes;
  io::BlockingPool& blocking;
  io::Executor& background;
  aws::CredentialStore& credentials;
  aws::Gateway& gateway;
  aws::FailureLog& failures;
  aws::ServiceRegistry& registry;
  http::Server::ListenerOptions endpoint;  // answers requests to AWS, those of environments too
};

// Every AWS service of this server.
class Services {
 public:
  virtual ~Services() = default;
  // Reads what is stored and begins background work. Blocks; after the lanes were started.
  virtual Result<> start() = 0;
  // Ends functions and background work. Blocks; not on a reactor. The lanes are still running.
  virtual void stop() = 0;
  // How functions are kept apart here, a line for the banner; after start().
  [[nodiscard]] virtual std::string isolation_text() const = 0;
};

// Makes the services, registers their tables and their observers; before the lanes are started.
std::unique_ptr<Services> make_services(ServicesHost host);

}  // namespace millstream::server
