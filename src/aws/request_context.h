#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "io/executor.h"

namespace millstream::aws {

// Who asks, for which account and region, and where the answer goes. Made by the dispatcher after
// the signature was checked; outlives the operation's task, so operations take it by reference.
struct RequestContext {
  io::Executor& home;         // the executor that the operation starts and ends on
  std::string request_id;     // a UUID; the answer's x-amzn-RequestId
  std::string account;        // twelve digits
  std::string region;         // from the credential scope
  std::string principal_arn;  // e.g. arn:aws:iam::000000000000:root, or an assumed role's session
  std::string access_key_id;
  std::string_view action;     // what is asked for, as policies name it: "kinesis:PutRecord"
  int64_t now_ms = 0;          // when the request came
  std::string host;            // the Host header, for answers that carry the server's own address
  std::string listener_label;  // of the listener that the request came by (http/server.h)
};

}  // namespace millstream::aws
