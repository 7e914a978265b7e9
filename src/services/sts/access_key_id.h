#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"

namespace millstream::sts {

// An access key's id is four letters that tell its kind and 16 digits of base32: 80 bits, of which
// the first is set, the next 40 are the account's number, and the rest is drawn. So an id tells its
// account without a look-up, as AWS's ids do.
inline constexpr std::string_view kTemporaryKey = "ASIA";
inline constexpr std::string_view kLastingKey = "AKIA";

// `account` is twelve digits.
std::string draw_access_key_id(std::string_view kind, std::string_view account, Random& random);

// Nothing if `id` doesn't have the form.
std::optional<std::string> account_of(std::string_view id);

// An entity's id made from its ARN: for principals that no one has made, and that need one that
// stays the same. `kind` is "AROA" for a role, "AIDA" for a user.
std::string derive_id(std::string_view kind, std::string_view arn);

}  // namespace millstream::sts
