#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace millstream::kinesis {

// What an account set for all its streams in a region: a value, written whole at every change.
struct AccountSettings {
  // The minimum throughput billing commitment: none, or begun and not to end before a day.
  std::optional<int64_t> commitment_started_ms;
  std::optional<int64_t> commitment_ended_ms;  // of the last one; ahead while its end is scheduled

  // Whether the commitment is in force.
  [[nodiscard]] bool committed(int64_t now_ms) const {
    return commitment_started_ms && (!commitment_ended_ms || now_ms < *commitment_ended_ms);
  }
};

inline constexpr int64_t kCommitmentMsMin = 86'400'000;

// The document in the state store (docs/formats/state/kinesis.md).
inline constexpr std::string_view kAccountKeyPrefix = "ka";
std::string account_key(std::string_view account, std::string_view region);
std::string to_document(const AccountSettings& settings);
Result<AccountSettings> parse_account_settings(std::string_view document);

}  // namespace millstream::kinesis
