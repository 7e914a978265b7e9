#pragma once

#include <string>
#include <string_view>

#include "aws/quotas.h"
#include "base/result.h"

namespace millstream::server {

// Reads "kinesis.shards=100000,kinesis.on-demand-streams=5" into `values`; what was there under
// other names stays. Fails with kInvalidArgument, in one sentence, on a name that no service has
// and on a number that the quota can't be.
Result<> read_quotas(std::string_view text, aws::QuotaValues* values);

// Fails with kInvalidArgument when a rate was set that isn't held (`rates`: --quotas aws).
Result<> check_quotas(const aws::QuotaValues& values, bool rates);

// The quotas of every service as a Markdown table, which docs/quotas.md has in it.
std::string quotas_as_table();

}  // namespace millstream::server
