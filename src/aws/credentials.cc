#include "aws/credentials.h"

#include <algorithm>

namespace millstream::aws {
namespace {

constexpr size_t kSigningKeysMax = 16;  // scopes that one key is used for at a time
constexpr size_t kSweepMin = 1024;

Error unrecognized_client() {
  return Error("UnrecognizedClientException", 400,
               "The security token included in the request is invalid.");
}

bool is_expired(const Credential& credential, int64_t now_ms) {
  return credential.expires_ms != 0 && credential.expires_ms <= now_ms;
}

bool is_account(std::string_view text) {
  return text.size() == 12 && std::all_of(text.begin(), text.end(),
                                          [](char byte) { return byte >= '0' && byte <= '9'; });
}

// AWS refuses payload hashes that mean a body in signed chunks where it can't be read so.
Result<> check_payload(const http::Request& request) {
  const std::string_view hash = request.headers.get("x-amz-content-sha256");
  if (!hash.starts_with("STREAMING-")) return {};
  return Error(
      "InvalidSignatureException", 400,
      "x-amz-content-sha256 " + std::string(hash) + " is not supported by Millstream yet.");
}

}  // namespace

void CredentialStore::add(Credential credential, int64_t now_ms) {
  auto entry = std::make_shared<Entry>();
  entry->credential = std::move(credential);
  std::unique_lock lock(mutex_);
  if (entries_.size() >= sweep_at_) {
    std::erase_if(entries_, [now_ms](const auto& item) {
      return is_expired(item.second->credential, now_ms);
    });
    sweep_at_ = std::max(kSweepMin, 2 * entries_.size());
  }
  entries_[entry->credential.access_key_id] = entry;
}

void CredentialStore::remove(const std::string& access_key_id) {
  std::unique_lock lock(mutex_);
  entries_.erase(access_key_id);
}

std::optional<Credential> CredentialStore::find(const std::string& access_key_id) const {
  const auto found = entry(access_key_id);
  if (!found) return std::nullopt;
  return found->credential;
}

size_t CredentialStore::size() const {
  std::shared_lock lock(mutex_);
  return entries_.size();
}

std::shared_ptr<CredentialStore::Entry> CredentialStore::entry(
    std::string_view access_key_id) const {
  std::shared_lock lock(mutex_);
  const auto found = entries_.find(access_key_id);
  return found == entries_.end() ? nullptr : found->second;
}

HmacSha256 CredentialStore::Entry::signing_key(const SignatureHeader& header) {
  std::lock_guard lock(mutex);
  for (const auto& [scope, key] : signing_keys) {
    if (scope == header.scope) return key;
  }
  if (signing_keys.size() >= kSigningKeysMax) signing_keys.erase(signing_keys.begin());
  const Sha256Digest key =
      aws::signing_key(credential.secret_access_key, header.date, header.region, header.service);
  signing_keys.emplace_back(header.scope, HmacSha256(digest_view(key)));
  return signing_keys.back().second;
}

Result<Identity> SignatureAuthenticator::authenticate(const http::Request& request) const {
  Result<SignatureHeader> read = read_signature(request);
  if (!read) return read.take_error();
  const SignatureHeader& header = *read;
  std::shared_ptr<CredentialStore::Entry> entry;
  Result<Identity> identity = identify(request, header, &entry);
  if (!identity || !entry) return identity;
  const std::string expected = expected_signature(request, header, entry->signing_key(header));
  if (!equal_in_constant_time(expected, header.signature)) {
    return Error(
        "InvalidSignatureException", 400,
        "The request signature we calculated does not match the signature you provided. Check your "
        "AWS Secret Access Key and signing method. Consult the service documentation for details.");
  }
  return identity;
}

Result<Identity> SignatureAuthenticator::authenticate_head(const http::Request& head) const {
  Result<SignatureHeader> header = read_signature(head);
  if (!header) return header.take_error();
  std::shared_ptr<CredentialStore::Entry> ignored;
  return identify(head, *header, &ignored);
}

Result<Identity> SignatureAuthenticator::identify(
    const http::Request& request, const SignatureHeader& header,
    std::shared_ptr<CredentialStore::Entry>* known) const {
  *known = store_.entry(header.access_key_id);
  if (!*known) return accept_unknown(request, header);
  const Credential& credential = (*known)->credential;
  if (credential.listener_label != request.listener_label) return unrecognized_client();
  const int64_t now_ms = clock_.wall_ms();
  if (is_expired(credential, now_ms)) {
    return Error("ExpiredTokenException", 400,
                 "The security token included in the request is expired");
  }
  const std::string_view token = request.headers.get("x-amz-security-token");
  if (!equal_in_constant_time(token, credential.session_token)) return unrecognized_client();
  Result<> in_time = check_signature_time(header, now_ms);
  if (!in_time) return in_time.take_error();
  Result<> payload = check_payload(request);
  if (!payload) return payload.take_error();
  return Identity{credential.account, std::string(header.region), std::string(header.service),
                  credential.principal_arn, credential.access_key_id};
}

Result<Identity> SignatureAuthenticator::accept_unknown(const http::Request& request,
                                                        const SignatureHeader& header) const {
  const bool allowed =
      options_.accept_unknown_keys && request.peer_is_loopback && request.listener_label.empty();
  if (!allowed) return unrecognized_client();
  if (const auto objection = http::web_page_behind(request, options_.web_pages)) {
    return Error("UnrecognizedClientException", 400,
                 "The access key isn't known here, and the request isn't believed: " + *objection +
                     ". Use 127.0.0.1 or localhost, or a key that the server was given.");
  }
  const std::string account(is_account(header.access_key_id) ? header.access_key_id
                                                             : options_.default_account);
  return Identity{account, std::string(header.region), std::string(header.service),
                  "arn:aws:iam::" + account + ":root", std::string(header.access_key_id)};
}

}  // namespace millstream::aws
