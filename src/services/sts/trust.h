#pragma once

#include <string_view>

namespace millstream::sts {

// Whether a role's trust policy (valid, as IAM took it) lets a principal of another account assume
// the role: an Allow for sts:AssumeRole without conditions names the principal, its account or
// everybody, and no Deny does. Conditions aren't evaluated yet, so an Allow that has one doesn't
// count and a Deny that has one does. `role_arn` is the role whose session the principal is, or "".
bool trusts(std::string_view trust_policy, std::string_view account, std::string_view principal_arn,
            std::string_view role_arn);

}  // namespace millstream::sts
