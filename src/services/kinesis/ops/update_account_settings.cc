#include <algorithm>

#include "base/digest.h"
#include "lanes/stored_document.h"
#include "services/kinesis/describe.h"
#include "services/kinesis/operations.gen.h"
#include "services/kinesis/service.h"

namespace millstream::kinesis::ops {
namespace {

// A commitment lasts for a day at least: one that is to end earlier ends then, unless it is enabled
// again before.
void commit(bool enabled, int64_t now_ms, AccountSettings* settings) {
  if (enabled) {
    if (!settings->committed(now_ms)) settings->commitment_started_ms = now_ms;
    settings->commitment_ended_ms.reset();
  } else if (settings->committed(now_ms) && !settings->commitment_ended_ms) {
    settings->commitment_ended_ms =
        std::max(now_ms, *settings->commitment_started_ms + kCommitmentMsMin);
  }
}

}  // namespace

io::Task<aws::Result<api::UpdateAccountSettingsOutput>> update_account_settings(
    Service& service, const aws::RequestContext& context, api::UpdateAccountSettingsInput input) {
  const std::string key = account_key(context.account, context.region);
  const bool enabled = input.minimum_throughput_billing_commitment.status == "ENABLED";
  auto body = [&](lanes::Transaction& transaction) -> aws::Result<AccountSettings> {
    auto stored = lanes::get_document(transaction, key, parse_account_settings);
    if (!stored) return aws::Error(stored.take_error());
    AccountSettings settings = stored->value_or(AccountSettings());
    commit(enabled, context.now_ms, &settings);
    transaction.put(key, to_document(settings));
    return settings;
  };
  auto settings =
      co_await service.lanes().run(context.home, service.lanes().lane_of(stable_hash(key)), body);
  if (!settings) co_return settings.take_error();
  api::UpdateAccountSettingsOutput output;
  output.minimum_throughput_billing_commitment = describe(*settings, context.now_ms);
  co_return output;
}

}  // namespace millstream::kinesis::ops
