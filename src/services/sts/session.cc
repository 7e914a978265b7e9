#include "services/sts/session.h"

#include <fmt/format.h>

#include "base/base64.h"
#include "base/document.h"
#include "services/sts/access_key_id.h"

namespace millstream::sts {
namespace {

constexpr size_t kSecretBytes = 30;  // 40 characters of base64
constexpr size_t kTokenBytes = 192;

std::string draw_base64(Random& random, size_t size) {
  std::string bytes(size, '\0');
  random.fill(bytes.data(), bytes.size());
  return base64_encode(bytes);
}

}  // namespace

template <class Fields>
void each_field(Fields& fields, typename Fields::template Of<Session>& session) {
  fields("access_key_id", session.access_key_id);
  fields("secret_access_key", session.secret_access_key);
  fields("session_token", session.session_token);
  fields("account", session.account);
  fields("role_name", session.role_name);
  fields("role_id", session.role_id);
  fields("name", session.name);
  fields("expires_ms", session.expires_ms);
  fields.unless_empty("listener_label", session.listener_label);
}

std::string Session::arn() const {
  return fmt::format("arn:aws:sts::{}:assumed-role/{}/{}", account, role_name, name);
}

std::string Session::user_id() const {
  return role_id + ":" + name;
}

void draw_credentials(Random& random, Session* session) {
  session->access_key_id = draw_access_key_id(kTemporaryKey, session->account, random);
  session->secret_access_key = draw_base64(random, kSecretBytes);
  session->session_token = draw_base64(random, kTokenBytes);
}

std::string session_key(const Session& session) {
  return session_key_from(session.account, session.expires_ms) + session.access_key_id;
}

std::string session_key_from(std::string_view account, int64_t expires_ms) {
  return fmt::format("{}{}/{:015}/", kSessionKeyPrefix, account, expires_ms);
}

std::string to_document(const Session& session) {
  return write_document(session);
}

Result<Session> parse_session(std::string_view document) {
  return parse_document<Session>(document, "session document");
}

}  // namespace millstream::sts
