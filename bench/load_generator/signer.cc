#include "signer.h"

#include <fmt/format.h>

#include "base/hex.h"
#include "base/time_text.h"

namespace millstream::bench {
namespace {

constexpr std::string_view kRegion = "us-east-1";
constexpr std::string_view kSignedHeaders = "content-type;host;x-amz-date;x-amz-target";

std::string hex(const Sha256Digest& digest) {
  return to_hex(digest_view(digest));
}

}  // namespace

Signer::Signer(Credentials credentials, std::string host, int64_t wall_ms)
    : credentials_(std::move(credentials)),
      host_(std::move(host)),
      time_(iso8601_basic(wall_ms)),
      date_(time_.substr(0, 8)) {}

const Sha256Digest& Signer::key_of(std::string_view service) {
  const auto found = keys_.find(service);
  if (found != keys_.end()) return found->second;
  Sha256Digest key = hmac_sha256("AWS4" + credentials_.secret_access_key, date_);
  for (std::string_view part : {kRegion, service, std::string_view("aws4_request")}) {
    key = hmac_sha256(digest_view(key), part);
  }
  return keys_.emplace(service, key).first->second;
}

HttpFields Signer::sign(std::string_view service, std::string_view target,
                        std::string_view content_type, std::string body) {
  const std::string canonical =
      fmt::format("POST\n/\n\ncontent-type:{}\nhost:{}\nx-amz-date:{}\nx-amz-target:{}\n\n{}\n{}",
                  content_type, host_, time_, target, kSignedHeaders, hex(sha256(body)));
  const std::string scope = fmt::format("{}/{}/{}/aws4_request", date_, kRegion, service);
  const std::string to_sign =
      fmt::format("AWS4-HMAC-SHA256\n{}\n{}\n{}", time_, scope, hex(sha256(canonical)));
  const std::string signature = hex(hmac_sha256(digest_view(key_of(service)), to_sign));
  return {.method = "POST",
          .path = "/",
          .host = host_,
          .headers = {{"content-type", std::string(content_type)},
                      {"x-amz-date", time_},
                      {"x-amz-target", std::string(target)},
                      {"authorization",
                       fmt::format("AWS4-HMAC-SHA256 Credential={}/{}, SignedHeaders={}, "
                                   "Signature={}",
                                   credentials_.access_key_id, scope, kSignedHeaders, signature)}},
          .body = std::move(body)};
}

}  // namespace millstream::bench
