#include "services/logs/appender.h"
#include "services/logs/errors.h"
#include "services/logs/operations.gen.h"
#include "services/logs/service.h"

namespace millstream::logs::ops {

io::Task<aws::Result<aws::Empty>> create_log_group(Service& service,
                                                   const aws::RequestContext& context,
                                                   api::CreateLogGroupRequest input) {
  if (input.kms_key_id) co_return aws::unsupported_parameter("kmsKeyId", "encryption isn't built");
  if (input.log_group_class.value_or("STANDARD") != "STANDARD") {
    co_return aws::unsupported_parameter("logGroupClass", "only STANDARD is built");
  }
  if (input.deletion_protection_enabled.value_or(false)) {
    co_return aws::unsupported_parameter("deletionProtectionEnabled", "it isn't built");
  }
  const GroupAddress address = group_address(context, input.log_group_name);
  GroupDocument document{.id = new_id(service.random())};
  if (input.tags) document.tags = std::move(*input.tags);
  auto made =
      co_await service.lanes().run(context.home, service.lane_of(address),
                                   [&](lanes::Transaction& transaction) -> aws::Result<aws::Empty> {
                                     const std::string key = group_key(address);
                                     auto stored = transaction.get(key);
                                     if (!stored) return aws::Error(stored.take_error());
                                     if (*stored) return group_exists();
                                     document.creation_ms = transaction.now_ms();
                                     transaction.put(key, encode(document));
                                     return aws::Empty();
                                   });
  co_return made;
}

}  // namespace millstream::logs::ops
