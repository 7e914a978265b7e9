#include "services/kinesis/account_settings.h"

#include <fmt/format.h>

#include "base/document.h"

namespace millstream::kinesis {

template <class Fields>
void each_field(Fields& fields, typename Fields::template Of<AccountSettings>& settings) {
  fields("commitment_started_ms", settings.commitment_started_ms);
  fields("commitment_ended_ms", settings.commitment_ended_ms);
}

std::string account_key(std::string_view account, std::string_view region) {
  return fmt::format("{}{}/{}", kAccountKeyPrefix, account, region);
}

std::string to_document(const AccountSettings& settings) {
  return write_document(settings);
}

Result<AccountSettings> parse_account_settings(std::string_view document) {
  return parse_document<AccountSettings>(document, "account settings document");
}

}  // namespace millstream::kinesis
