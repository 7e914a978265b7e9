#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"

namespace millstream::iam {

// ASCII letters in lower case. Names that differ in case only are the same name to IAM.
std::string fold_case(std::string_view text);

// An id as IAM forms them: four letters that tell the kind ("AROA" a role, "ANPA" a policy) and 17
// drawn ones.
std::string draw_id(std::string_view kind, Random& random);

// arn:aws:iam::<account>:<kind><path><name>, in parts that point into the text.
struct EntityArn {
  std::string_view account;  // "aws" for policies that AWS itself keeps
  std::string_view kind;     // "role", "policy"
  std::string_view path;     // "/", "/a/b/"
  std::string_view name;
};
// Nothing if `arn` doesn't have that form.
std::optional<EntityArn> parse_arn(std::string_view arn);

}  // namespace millstream::iam
