#include "services/sts/access_key_id.h"
#include "services/sts/operations.gen.h"
#include "services/sts/service.h"

namespace millstream::sts::ops {

// Looks nothing up: the id itself tells the account.
io::Task<aws::Result<api::GetAccessKeyInfoResponse>> get_access_key_info(
    Service&, const aws::RequestContext&, api::GetAccessKeyInfoRequest input) {
  auto account = account_of(input.access_key_id);
  if (!account) {
    co_return aws::Error("ValidationError", 400,
                         "The access key ID " + input.access_key_id + " is not valid.");
  }
  api::GetAccessKeyInfoResponse output;
  output.account = std::move(*account);
  co_return output;
}

}  // namespace millstream::sts::ops
