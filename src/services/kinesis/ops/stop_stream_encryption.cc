#include "services/kinesis/encryption.h"
#include "services/kinesis/operations.gen.h"
#include "services/kinesis/stream_change.h"

namespace millstream::kinesis::ops {

io::Task<aws::Result<aws::Empty>> stop_stream_encryption(Service& service,
                                                         const aws::RequestContext& context,
                                                         api::StopStreamEncryptionInput input) {
  auto stream = service.find_stream_in_any_status(context, input.stream_name, input.stream_arn,
                                                  input.stream_id);
  if (!stream) co_return stream.take_error();
  aws::Result<> checked = check_encryption_type(input.encryption_type, "StopStreamEncryption");
  if (!checked) co_return checked.take_error();
  const auto change = [&](Stream& changed, int64_t now_ms) {
    return stop_encryption(service.quotas(), input.key_id, now_ms, &changed);
  };
  aws::Result<> done = co_await change_stream(service, context, stream.take(), change);
  if (!done) co_return done.take_error();
  co_return aws::Empty{};
}

}  // namespace millstream::kinesis::ops
