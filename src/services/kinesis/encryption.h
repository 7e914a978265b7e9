#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "aws/error.h"
#include "services/kinesis/quotas.h"
#include "services/kinesis/stream.h"

namespace millstream::kinesis {

// Marks the records that come from now on as encrypted with the key, or as not encrypted any more.
// Records are marked, not encrypted: there is no KMS here (docs/compatibility.md). Fails with AWS's
// LimitExceededException when it was done too often within a day, and KMSNotFoundException for a
// key that isn't named in one of the ways that KMS knows.
aws::Result<> start_encryption(const Quotas& quotas, const std::string& key_id, int64_t now_ms,
                               Stream* stream);
aws::Result<> stop_encryption(const Quotas& quotas, const std::string& key_id, int64_t now_ms,
                              Stream* stream);

// Whether the text has the form of a key's ID or alias, or of an ARN of one.
bool is_key_id(std::string_view text);

// Both operations know KMS as the only type.
aws::Result<> check_encryption_type(std::string_view type, std::string_view operation);

}  // namespace millstream::kinesis
