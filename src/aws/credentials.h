#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "aws/authenticator.h"
#include "aws/signature.h"
#include "base/clock.h"
#include "http/web_page.h"

namespace millstream::aws {

// A key that may sign, and whom it stands for.
struct Credential {
  std::string access_key_id;
  std::string secret_access_key;
  std::string account;        // twelve digits
  std::string principal_arn;  // e.g. arn:aws:iam::000000000000:root
  std::string session_token;  // of temporary keys; empty for lasting ones
  int64_t expires_ms = 0;     // 0: never
  // The key is good for requests through the listener with this label only (http/server.h), and
  // such a listener takes no other; empty: the public listener.
  std::string listener_label;
};

// The keys that the server knows: configured ones, STS's temporary ones, one for each function
// environment. In memory: temporary keys end with the process. Thread-safe.
class CredentialStore {
 public:
  // Adds a key or replaces the one with the same id. Expired keys are dropped now and then.
  void add(Credential credential, int64_t now_ms);
  void remove(const std::string& access_key_id);  // an unknown id is ignored
  [[nodiscard]] std::optional<Credential> find(const std::string& access_key_id) const;
  [[nodiscard]] size_t size() const;

 private:
  friend class SignatureAuthenticator;

  // A key with the signing keys of the scopes that it was used for: a handful, remade each day.
  struct Entry {
    Credential credential;
    std::mutex mutex;
    std::vector<std::pair<std::string, HmacSha256>> signing_keys;  // by scope; guarded by mutex

    HmacSha256 signing_key(const SignatureHeader& header);
  };
  [[nodiscard]] std::shared_ptr<Entry> entry(std::string_view access_key_id) const;

  struct TextHash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  mutable std::shared_mutex mutex_;
  // Guarded by mutex_.
  std::unordered_map<std::string, std::shared_ptr<Entry>, TextHash, std::equal_to<>> entries_;
  size_t sweep_at_ = 1024;  // guarded by mutex_: drop expired keys when there are this many
};

// Verifies Signature Version 4.
//
// A known key's signature must be right, everywhere. An unknown key is refused, unless
// `accept_unknown_keys` and the peer is on this machine: then
// it stands for the account that its id names, if that is twelve digits, else for
// `default_account`; its signature can't be verified. That isn't for web pages
// (http/web_page.h). A listener with a label takes its own keys only.
class SignatureAuthenticator final : public Authenticator {
 public:
  struct Options {
    bool accept_unknown_keys = false;
    std::string default_account = "000000000000";
    http::WebPages web_pages;  // those that may use an unknown key
  };
  SignatureAuthenticator(CredentialStore& store, const Clock& clock, Options options)
      : store_(store), clock_(clock), options_(std::move(options)) {}

  [[nodiscard]] Result<Identity> authenticate(const http::Request& request) const override;
  [[nodiscard]] Result<Identity> authenticate_head(const http::Request& head) const override;

 private:
  // Whose key it is, unless the header alone is a reason to refuse. `*known` gets the key's entry;
  // an unknown key that is believed has none.
  [[nodiscard]] Result<Identity> identify(const http::Request& request,
                                          const SignatureHeader& header,
                                          std::shared_ptr<CredentialStore::Entry>* known) const;
  [[nodiscard]] Result<Identity> accept_unknown(const http::Request& request,
                                                const SignatureHeader& header) const;

  CredentialStore& store_;
  const Clock& clock_;
  const Options options_;
};

}  // namespace millstream::aws
