#include "aws/signature.h"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include <algorithm>

#include "aws/canonical_uri.h"
#include "base/base64.h"
#include "base/hex.h"
#include "base/time_text.h"
#include "http/same_text.h"

namespace millstream::aws {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kTerminator = "aws4_request";
constexpr std::string_view kUnsignedPayload = "UNSIGNED-PAYLOAD";
constexpr int64_t kSkewMs = 15 * 60 * 1000;

Error incomplete_signature(std::string message) {
  return Error("IncompleteSignatureException", 400, std::move(message));
}
Error invalid_signature(std::string message) {
  return Error("InvalidSignatureException", 400, std::move(message));
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Cuts the part before `separator` off the front of `*rest`.
std::string_view next_part(std::string_view* rest, char separator) {
  const size_t end = std::min(rest->find(separator), rest->size());
  const std::string_view part = rest->substr(0, end);
  rest->remove_prefix(std::min(end + 1, rest->size()));
  return part;
}

std::pair<std::string_view, std::string_view> split_target(std::string_view target) {
  const size_t question = std::min(target.find('?'), target.size());
  return {target.substr(0, question), target.substr(std::min(question + 1, target.size()))};
}

bool is_presigned(std::string_view target) {
  const std::string_view query = split_target(target).second;
  return query.find("X-Amz-Signature=") != std::string_view::npos ||
         query.find("X-Amz-Algorithm=") != std::string_view::npos;
}

struct Parameters {
  std::string_view credential, signed_headers, signature;
};

Parameters read_parameters(std::string_view rest) {
  Parameters parameters;
  while (!rest.empty()) {
    std::string_view value = trim(next_part(&rest, ','));
    const std::string_view name = trim(next_part(&value, '='));
    if (name == "Credential") parameters.credential = trim(value);
    if (name == "SignedHeaders") parameters.signed_headers = trim(value);
    if (name == "Signature") parameters.signature = trim(value);
  }
  return parameters;
}

// AWS shows the header as a hash, so that no log gets a signature.
std::string hashed(std::string_view authorization) {
  return "(Hashed with SHA-256 and encoded with Base64) Authorization=" +
         base64_encode(digest_view(sha256(authorization)));
}

Result<> read_credential(std::string_view credential, SignatureHeader* header) {
  const auto slashes = std::count(credential.begin(), credential.end(), '/');
  if (slashes != 4) {
    return incomplete_signature(
        fmt::format("Credential must have exactly 5 slash-delimited elements, e.g. "
                    "keyid/date/region/service/term, got '{}'",
                    credential));
  }
  std::string_view rest = credential;
  header->access_key_id = next_part(&rest, '/');
  header->scope = rest;
  header->date = next_part(&rest, '/');
  header->region = next_part(&rest, '/');
  header->service = next_part(&rest, '/');
  if (rest != kTerminator) {
    return invalid_signature(fmt::format(
        "Credential should be scoped with a valid terminator: 'aws4_request', not '{}'.", rest));
  }
  if (header->access_key_id.empty() || header->region.empty() || header->service.empty()) {
    return invalid_signature(
        "Credential should be scoped to an access key, a region and a service.");
  }
  return {};
}

bool lists_host(std::string_view signed_headers) {
  while (!signed_headers.empty()) {
    const std::string_view name = next_part(&signed_headers, ';');
    if (name == "host" || name == ":authority") return true;
  }
  return false;
}

void append_with_single_blanks(std::string_view value, std::string* out) {
  if (value.find('\t') == value.npos && value.find("  ") == value.npos) {
    out->append(value);
    return;
  }
  bool blank = false;
  for (const char byte : value) {
    const bool was_blank = std::exchange(blank, byte == ' ' || byte == '\t');
    if (!blank) out->push_back(byte);
    if (blank && !was_blank) out->push_back(' ');
  }
}

// A header's values as they are signed: trimmed, inner runs of blanks as one, joined by commas.
void append_header_values(const http::Headers& headers, std::string_view name, std::string* out) {
  bool first = true;
  for (const auto& [field, value] : headers) {
    if (!http::same_text(field, name)) continue;
    if (!std::exchange(first, false)) out->push_back(',');
    append_with_single_blanks(trim(value), out);
  }
}

void append_payload_hash(const http::Request& request, std::string* out) {
  const std::string_view announced = request.headers.get("x-amz-content-sha256");
  if (announced == kUnsignedPayload) {
    out->append(kUnsignedPayload);
  } else {
    append_hex(digest_view(sha256(request.body)), out);
  }
}

}  // namespace

Result<SignatureHeader> read_signature(const http::Request& request) {
  const auto authorization = request.headers.find("authorization");
  if (!authorization || authorization->empty()) {
    if (is_presigned(request.target)) {
      return incomplete_signature(
          "Presigned requests (X-Amz-Signature in the query) are not supported by Millstream yet: "
          "sign with the Authorization header. See docs/compatibility.md.");
    }
    return Error("MissingAuthenticationTokenException", 400,
                 "Request is missing Authentication Token");
  }
  std::string_view rest = *authorization;
  if (next_part(&rest, ' ') != kAlgorithm) {
    return incomplete_signature(
        "Unsupported AWS 'algorithm': only AWS4-HMAC-SHA256 in the Authorization header is "
        "supported. " +
        hashed(*authorization));
  }
  const Parameters parameters = read_parameters(rest);
  auto date = request.headers.find("x-amz-date");
  if (!date) date = request.headers.find("date");
  std::string missing;
  const auto require = [&](std::string_view value, std::string_view name) {
    if (value.empty()) {
      missing += fmt::format("Authorization header requires '{}' parameter. ", name);
    }
  };
  require(parameters.credential, "Credential");
  require(parameters.signature, "Signature");
  require(parameters.signed_headers, "SignedHeaders");
  if (!date) {
    missing +=
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
  }
  if (!missing.empty()) return incomplete_signature(missing + hashed(*authorization));

  SignatureHeader header;
  header.signed_headers = parameters.signed_headers;
  header.signature = parameters.signature;
  header.timestamp = *date;
  Result<> credential = read_credential(parameters.credential, &header);
  if (!credential) return credential.take_error();
  if (!lists_host(header.signed_headers)) {
    return invalid_signature(
        "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
  return header;
}

std::string canonical_request(const http::Request& request, const SignatureHeader& header) {
  const auto [path, query] = split_target(request.target);
  std::string text;
  text.reserve(1024);
  text.append(request.method).append("\n");
  text.append(canonical_path(path, header.service == "s3")).append("\n");
  text.append(canonical_query(query)).append("\n");
  std::string_view names = header.signed_headers;
  while (!names.empty()) {
    const std::string_view name = next_part(&names, ';');
    text.append(name).append(":");
    append_header_values(request.headers, name, &text);
    text.append("\n");
  }
  text.append("\n").append(header.signed_headers).append("\n");
  append_payload_hash(request, &text);
  return text;
}

Sha256Digest signing_key(std::string_view secret, std::string_view date, std::string_view region,
                         std::string_view service) {
  const Sha256Digest of_date = hmac_sha256("AWS4" + std::string(secret), date);
  const Sha256Digest of_region = hmac_sha256(digest_view(of_date), region);
  const Sha256Digest of_service = hmac_sha256(digest_view(of_region), service);
  return hmac_sha256(digest_view(of_service), kTerminator);
}

std::string expected_signature(const http::Request& request, const SignatureHeader& header,
                               const HmacSha256& key) {
  const std::string canonical = canonical_request(request, header);
  std::string to_sign;
  to_sign.reserve(256);
  to_sign.append(kAlgorithm).append("\n").append(header.timestamp).append("\n");
  to_sign.append(header.scope).append("\n");
  append_hex(digest_view(sha256(canonical)), &to_sign);
  return to_hex(digest_view(key(to_sign)));
}

Result<> check_signature_time(const SignatureHeader& header, int64_t now_ms) {
  const auto signed_ms = parse_iso8601_ms(header.timestamp);
  if (!signed_ms) {
    return incomplete_signature(
        fmt::format("Date must be in ISO-8601 'basic format'. Got '{}'. See "
                    "http://en.wikipedia.org/wiki/ISO_8601",
                    header.timestamp));
  }
  if (header.timestamp.substr(0, 8) != header.date) {
    return invalid_signature(fmt::format(
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
        "'{}' != '{}', from '{}'.",
        header.date, header.timestamp.substr(0, 8), header.timestamp));
  }
  if (*signed_ms < now_ms - kSkewMs) {
    return invalid_signature(
        fmt::format("Signature expired: {} is now earlier than {} ({} - 15 min.)", header.timestamp,
                    iso8601_basic(now_ms - kSkewMs), iso8601_basic(now_ms)));
  }
  if (*signed_ms > now_ms + kSkewMs) {
    return invalid_signature(
        fmt::format("Signature not yet current: {} is still later than {} ({} + 15 min.)",
                    header.timestamp, iso8601_basic(now_ms + kSkewMs), iso8601_basic(now_ms)));
  }
  return {};
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace millstream::aws
