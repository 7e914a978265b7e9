#include "services/kinesis/describe.h"
#include "services/kinesis/operations.gen.h"
#include "services/kinesis/service.h"

namespace millstream::kinesis::ops {

io::Task<aws::Result<api::DescribeAccountSettingsOutput>> describe_account_settings(
    Service& service, const aws::RequestContext& context, api::DescribeAccountSettingsInput) {
  api::DescribeAccountSettingsOutput output;
  output.minimum_throughput_billing_commitment =
      describe(service.catalog().account_settings(context.account, context.region), context.now_ms);
  co_return output;
}

}  // namespace millstream::kinesis::ops
