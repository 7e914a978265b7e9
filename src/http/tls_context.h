#pragma once

#include <openssl/ossl_typ.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace millstream::http {

// A server's certificate with its key, and the rules by which it speaks TLS: versions 1.2 and 1.3,
// forward secrecy and authenticated encryption only, no renegotiation, no compression; h2 before
// http/1.1 where the client lets choose (ALPN). Constant after it is made; any thread.
class TlsContext {
 public:
  // Both in PEM; the certificate may be followed by those that it is signed with. Fails with
  // kInvalidArgument and a reason for people.
  static Result<std::shared_ptr<const TlsContext>> make(const std::string& certificates,
                                                        const std::string& key);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  // SHA-256 of the certificate as tools show it: "AB:CD:..."
  [[nodiscard]] const std::string& fingerprint() const { return fingerprint_; }
  // The certificates in PEM, without the key.
  [[nodiscard]] const std::string& certificates() const { return certificates_; }
  [[nodiscard]] SSL_CTX* get() const { return context_; }

 private:
  TlsContext();
  Result<> use_certificates(const std::string& certificates);
  Result<> use_key(const std::string& key);

  SSL_CTX* const context_;
  std::string certificates_;
  std::string fingerprint_;
};

}  // namespace millstream::http
