#pragma once

#include <string>

#include "base/result.h"
#include "services/cloudformation/template/value.h"

namespace millstream::cloudformation {

// Fn::Cidr: the first `count` (1 to 256) networks of `host_bits` host bits in `block`
// ("10.0.0.0/16", or an IPv6 network).
Result<Value> cidr_networks(const std::string& block, long long count, long long host_bits);

}  // namespace millstream::cloudformation
