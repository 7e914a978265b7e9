#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/digest.h"
#include "request.h"

namespace millstream::bench {

struct Credentials {
  std::string access_key_id;
  std::string secret_access_key;
};

// Signs requests of JSON services with Signature Version 4 in us-east-1, all at one time of day: a
// request is good for 15 minutes from then (5 on AWS). Keeps each service's signing key, so one
// signature costs four small digests and one of the body. Not synchronised.
class Signer {
 public:
  Signer(Credentials credentials, std::string host, int64_t wall_ms);

  // A POST of `body` to `target` (x-amz-target), for instance "Kinesis_20131202.PutRecord".
  HttpFields sign(std::string_view service, std::string_view target, std::string_view content_type,
                  std::string body);

 private:
  const Sha256Digest& key_of(std::string_view service);

  const Credentials credentials_;
  const std::string host_;
  const std::string time_;  // "20261122T101530Z"
  const std::string date_;
  std::map<std::string, Sha256Digest, std::less<>> keys_;
};

}  // namespace millstream::bench
