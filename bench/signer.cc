#include "signer.h"

#include <fmt/format.h>

#include "base/digest.h"
#include "base/hex.h"
#include "base/time_text.h"

namespace millstream::bench {
namespace {

constexpr std::string_view kRegion = "us-east-1";
constexpr std::string_view kSignedHeaders = "content-type;host;x-amz-date;x-amz-target";

template <class Digest>
std::string hex(const Digest& digest) {
  return to_hex(digest_view(digest));
}

std::string signature(const Credentials& credentials, std::string_view date,
                      std::string_view service, std::string_view text) {
  Sha256Digest key = hmac_sha256("AWS4" + credentials.secret_access_key, date);
  for (std::string_view part : {kRegion, service, std::string_view("aws4_request")}) {
    key = hmac_sha256(digest_view(key), part);
  }
  return hex(hmac_sha256(digest_view(key), text));
}

}  // namespace

std::string signed_post(const Credentials& credentials, std::string_view host,
                        std::string_view service, std::string_view target,
                        std::string_view content_type, std::string_view body, int64_t wall_ms) {
  const std::string time = iso8601_basic(wall_ms);
  const std::string_view date = std::string_view(time).substr(0, 8);
  const std::string canonical =
      fmt::format("POST\n/\n\ncontent-type:{}\nhost:{}\nx-amz-date:{}\nx-amz-target:{}\n\n{}\n{}",
                  content_type, host, time, target, kSignedHeaders, hex(sha256(body)));
  const std::string scope = fmt::format("{}/{}/{}/aws4_request", date, kRegion, service);
  const std::string to_sign =
      fmt::format("AWS4-HMAC-SHA256\n{}\n{}\n{}", time, scope, hex(sha256(canonical)));
  return fmt::format(
      "POST / HTTP/1.1\r\nHost: {}\r\nContent-Type: {}\r\nX-Amz-Date: {}\r\nX-Amz-Target: {}\r\n"
      "Authorization: AWS4-HMAC-SHA256 Credential={}/{}, SignedHeaders={}, Signature={}\r\n"
      "Content-Length: {}\r\n\r\n{}",
      host, content_type, time, target, credentials.access_key_id, scope, kSignedHeaders,
      signature(credentials, date, service, to_sign), body.size(), body);
}

}  // namespace millstream::bench
