#pragma once

#include "aws/credentials.h"
#include "base/clock.h"
#include "base/random.h"
#include "lanes/lanes.h"
#include "services/iam/catalog.h"
#include "services/sts/session_store.h"

namespace millstream::sts {

// STS: who a caller is, and temporary credentials for roles.
//
// Operation: AssumeRole hands out keys for any role of the caller's own account, root's or not, and
// for another account's role when its trust policy names the caller; the rest of policy isn't
// enforced yet (docs/compatibility.md). Keys are durable and known to the credential store before
// they are handed out.
// Concurrency: operations run on any executor.
class Service {
 public:
  // Made before lanes.start(). What it is given outlives it.
  Service(lanes::Lanes& lanes, Random& random, const Clock& clock, const iam::Catalog& roles,
          aws::CredentialStore& credentials)
      : random_(random), roles_(roles), sessions_(lanes, credentials, clock) {}

  // Gives the credential store the keys of sessions that are stored. Blocks; before the first
  // request.
  Result<> load() { return sessions_.load(); }

  // ---- For the operations.
  [[nodiscard]] Random& random() { return random_; }
  [[nodiscard]] const iam::Catalog& roles() const { return roles_; }
  [[nodiscard]] SessionStore& sessions() { return sessions_; }

 private:
  Random& random_;
  const iam::Catalog& roles_;
  SessionStore sessions_;
};

}  // namespace millstream::sts
