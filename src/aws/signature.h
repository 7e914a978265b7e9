#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "aws/error.h"
#include "base/digest.h"
#include "http/message.h"

namespace millstream::aws {

// AWS Signature Version 4 in its header form, as the server sees it. Pure functions; thread-safe.
// Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
//
//   Authorization: AWS4-HMAC-SHA256 Credential=<key>/<date>/<region>/<service>/aws4_request,
//                  SignedHeaders=<a;b;c>, Signature=<64 hex digits>
struct SignatureHeader {
  std::string_view access_key_id;
  std::string_view scope;  // "20261122/us-east-1/kinesis/aws4_request"
  std::string_view date;   // "20261122"
  std::string_view region;
  std::string_view service;
  std::string_view signed_headers;  // as sent: "host;x-amz-date"
  std::string_view signature;       // as sent
  std::string_view timestamp;       // "20261122T101530Z", from X-Amz-Date or Date
};

// Reads the request's signature. Fails with MissingAuthenticationTokenException,
// IncompleteSignatureException or InvalidSignatureException; a presigned request (signature in the
// query) is refused by name. The result's views are of the request's headers.
Result<SignatureHeader> read_signature(const http::Request& request);

// The request as it is signed. Its payload's hash is computed here: the pass over the body.
std::string canonical_request(const http::Request& request, const SignatureHeader& header);

// The key that signs a day's requests to one service in one region.
Sha256Digest signing_key(std::string_view secret, std::string_view date, std::string_view region,
                         std::string_view service);

// The signature that `request` should carry, 64 hex digits. `key` is of the signing key.
std::string expected_signature(const http::Request& request, const SignatureHeader& header,
                               const HmacSha256& key);

// Fails with InvalidSignatureException when the request is signed for more than 15 minutes before
// or after `now_ms`.
Result<> check_signature_time(const SignatureHeader& header, int64_t now_ms);

// Compares without telling by its duration where the texts differ.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace millstream::aws
