#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"

namespace millstream::sts {

// Temporary credentials of one session of an assumed role: a value, written once.
struct Session {
  std::string access_key_id;  // "ASIA..."
  std::string secret_access_key;
  std::string session_token;
  std::string account;
  std::string role_name;
  std::string role_id;  // "AROA..."
  std::string name;     // of the session
  int64_t expires_ms = 0;
  // Of the listener that it was asked for by: its keys are good there only, as those of whoever
  // asked are. Empty: the public one.
  std::string listener_label;

  [[nodiscard]] std::string arn() const;      // arn:aws:sts::<account>:assumed-role/<role>/<name>
  [[nodiscard]] std::string user_id() const;  // <role id>:<name>
};

// Draws the key, the secret and the token. The key's id tells its account, as AWS's do.
void draw_credentials(Random& random, Session* session);

// The document in the state store (docs/formats/state/iam.md). An account's keys sort by expiry.
inline constexpr std::string_view kSessionKeyPrefix = "ms";
std::string session_key(const Session& session);
// Where the account's sessions that expire at or after `expires_ms` begin.
std::string session_key_from(std::string_view account, int64_t expires_ms);
std::string to_document(const Session& session);
Result<Session> parse_session(std::string_view document);

}  // namespace millstream::sts
