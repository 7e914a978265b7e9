#include "services/sts/session_store.h"

#include <fmt/format.h>

#include <mutex>
#include <utility>
#include <vector>

#include "base/digest.h"

namespace millstream::sts {
namespace {

constexpr int64_t kKeptExpiredMs = 24 * 3'600'000;
constexpr size_t kSweptAtOnceMax = 16;

// Erases sessions of `account` that have been expired for long.
Result<> sweep(lanes::Transaction& transaction, std::string_view account) {
  std::vector<std::string> expired;
  const std::string from = session_key_from(account, 0);
  const std::string to = session_key_from(account, transaction.now_ms() - kKeptExpiredMs);
  Result<> scanned = transaction.scan(from, to, [&expired](std::string_view key, std::string_view) {
    expired.emplace_back(key);
    return expired.size() < kSweptAtOnceMax;
  });
  if (!scanned) return scanned;
  for (const std::string& key : expired) transaction.erase(key);
  return {};
}

}  // namespace

SessionStore::SessionStore(lanes::Lanes& lanes, aws::CredentialStore& credentials,
                           const Clock& clock)
    : lanes_(lanes),
      credentials_(credentials),
      clock_(clock),
      stored_(lanes, kSessionKeyPrefix,
              [this](auto key, auto value) { return apply(key, value); }) {}

io::Task<Result<>> SessionStore::add(io::Executor& home, Session session) {
  auto body = [&session](lanes::Transaction& transaction) -> Result<> {
    Result<> swept = sweep(transaction, session.account);
    if (!swept) return swept;
    transaction.put(session_key(session), to_document(session));
    return {};
  };
  const uint64_t hash = stable_hash(fmt::format("{}{}", kSessionKeyPrefix, session.account));
  auto added = co_await lanes_.run(home, lanes_.lane_of(hash), body);
  co_return added;
}

std::shared_ptr<const Session> SessionStore::find(std::string_view access_key_id) const {
  const std::shared_lock lock(mutex_);
  const auto found = sessions_.find(access_key_id);
  return found == sessions_.end() ? nullptr : found->second;
}

Result<> SessionStore::apply(std::string_view key, std::optional<std::string_view> value) {
  if (!value) {
    const std::string id(key.substr(key.rfind('/') + 1));
    credentials_.remove(id);
    const std::unique_lock lock(mutex_);
    sessions_.erase(id);
    return {};
  }
  Result<Session> parsed = parse_session(*value);
  if (!parsed) return parsed.take_error().in(key);
  auto session = std::make_shared<const Session>(parsed.take());
  credentials_.add({.access_key_id = session->access_key_id,
                    .secret_access_key = session->secret_access_key,
                    .account = session->account,
                    .principal_arn = session->arn(),
                    .session_token = session->session_token,
                    .expires_ms = session->expires_ms,
                    .listener_label = session->listener_label},
                   clock_.wall_ms());
  const std::unique_lock lock(mutex_);
  sessions_.insert_or_assign(session->access_key_id, session);
  return {};
}

}  // namespace millstream::sts
