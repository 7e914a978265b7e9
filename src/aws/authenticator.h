#pragma once

#include <string>

#include "aws/error.h"
#include "http/message.h"

namespace millstream::aws {

// Who signed a request, as its credential scope and the known keys say.
struct Identity {
  std::string account;        // twelve digits
  std::string region;         // from the credential scope
  std::string service;        // from the credential scope: the signing name, e.g. "kinesis"
  std::string principal_arn;  // e.g. arn:aws:iam::000000000000:root
  std::string access_key_id;
};

// Says who sent a request, or why it is refused. The dispatcher asks once a request, before
// anything of the body is read. The failure is one of AWS's: MissingAuthenticationToken,
// IncompleteSignature, InvalidSignatureException, UnrecognizedClientException, ...; the dispatcher
// formats it in the protocol of the request. Thread-safe; called on every reactor; doesn't block.
class Authenticator {
 public:
  virtual ~Authenticator() = default;
  [[nodiscard]] virtual Result<Identity> authenticate(const http::Request& request) const = 0;
  // What can be said of a request of which only the header is there: fails as `authenticate` would,
  // whatever the body is. A success promises nothing.
  [[nodiscard]] virtual Result<Identity> authenticate_head(const http::Request& head) const = 0;
};

}  // namespace millstream::aws
