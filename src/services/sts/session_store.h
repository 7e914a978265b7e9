#pragma once

#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>

#include "aws/credentials.h"
#include "base/clock.h"
#include "base/result.h"
#include "io/task.h"
#include "lanes/follower.h"
#include "lanes/lanes.h"
#include "services/sts/session.h"

namespace millstream::sts {

// The sessions of the node, and their keys in the credential store, which they are given to as soon
// as they are durable. Sessions outlive a restart; each new one sweeps out some that expired more
// than a day ago (until then a late request is told that its token is expired, not that its key is
// unknown). Thread-safe.
class SessionStore {
 public:
  // Registers with `lanes` before they are started. What it is given outlives it.
  SessionStore(lanes::Lanes& lanes, aws::CredentialStore& credentials, const Clock& clock);
  // Reads what is stored.
  Result<> load() { return stored_.load(); }

  // Makes `session` durable and its key usable.
  io::Task<Result<>> add(io::Executor& home, Session session);

  // nullptr if there is none.
  [[nodiscard]] std::shared_ptr<const Session> find(std::string_view access_key_id) const;

 private:
  Result<> apply(std::string_view key, std::optional<std::string_view> value);

  lanes::Lanes& lanes_;
  aws::CredentialStore& credentials_;
  const Clock& clock_;
  mutable std::shared_mutex mutex_;
  // Guarded by mutex_.
  std::map<std::string, std::shared_ptr<const Session>, std::less<>> sessions_;  // by key's id
  lanes::Follower stored_;
};

}  // namespace millstream::sts
