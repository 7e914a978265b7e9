#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/result.h"

namespace millstream::http {

struct CertificateAndKey {
  std::string certificate;  // PEM
  std::string key;          // PEM, without a password
};

// Makes a key (ECDSA P-256) and a certificate that it signs itself, for a server that is reached by
// `names`: host names and IP addresses (subjectAltName). Valid for ten years from the day before
// `now_ms`. The key comes from OpenSSL's generator. Fails with kInternal if OpenSSL does.
Result<CertificateAndKey> make_self_signed(std::span<const std::string> names, int64_t now_ms);

// The time at which a certificate in PEM ends; kInvalidArgument if it is none.
Result<int64_t> certificate_end_ms(const std::string& certificate);

}  // namespace millstream::http
