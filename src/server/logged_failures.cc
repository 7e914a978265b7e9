#include "server/logged_failures.h"

#include <spdlog/spdlog.h>

namespace millstream::server {

void LoggedFailures::internal_failure(std::string_view request_id, std::string_view what,
                                      std::string_view detail) {
  spdlog::error("request {}: {} failed inside: {}", request_id, what, detail);
}

}  // namespace millstream::server
