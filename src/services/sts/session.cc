#include "services/sts/session.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/base64.h"
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
  nlohmann::json document = {
      {"v", 1},
      {"access_key_id", session.access_key_id},
      {"secret_access_key", session.secret_access_key},
      {"session_token", session.session_token},
      {"account", session.account},
      {"role_name", session.role_name},
      {"role_id", session.role_id},
      {"name", session.name},
      {"expires_ms", session.expires_ms},
  };
  if (!session.listener_label.empty()) document["listener_label"] = session.listener_label;
  return document.dump();
}

Result<Session> parse_session(std::string_view document) {
  try {
    const nlohmann::json json = nlohmann::json::parse(document);
    Session session;
    json.at("access_key_id").get_to(session.access_key_id);
    json.at("secret_access_key").get_to(session.secret_access_key);
    json.at("session_token").get_to(session.session_token);
    json.at("account").get_to(session.account);
    json.at("role_name").get_to(session.role_name);
    json.at("role_id").get_to(session.role_id);
    json.at("name").get_to(session.name);
    json.at("expires_ms").get_to(session.expires_ms);
    session.listener_label = json.value("listener_label", "");
    return session;
  } catch (const nlohmann::json::exception& failure) {
    return Error{ErrorCode::kCorruption, std::string("session document: ") + failure.what()};
  }
}

}  // namespace millstream::sts
