#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "http/tls_context.h"
#include "server/config.h"

namespace millstream::server {

// The file of a data directory that holds the server's own key and certificate (PEM, in this
// order).
inline constexpr const char* kTlsFileName = "tls.pem";

// What the server shows of itself over TLS: the configured certificate, else one of its own. That
// is made once for each data directory, for localhost and this machine's name, kept in
// kTlsFileName, and made anew within a month of its end. Fails with one sentence for people: files
// that can't be read or don't belong together, a directory that can't be written.
Result<std::shared_ptr<const http::TlsContext>> open_tls_identity(const Config& config,
                                                                  const std::string& data_directory,
                                                                  const Clock& clock);

}  // namespace millstream::server
