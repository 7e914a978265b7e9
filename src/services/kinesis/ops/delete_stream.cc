#include "base/digest.h"
#include "services/kinesis/operations.gen.h"
#include "services/kinesis/service.h"

namespace millstream::kinesis::ops {

// EnforceConsumerDeletion has nothing to enforce: a stream has no registered consumers yet.
io::Task<aws::Result<aws::Empty>> delete_stream(Service& service,
                                                const aws::RequestContext& context,
                                                api::DeleteStreamInput input) {
  auto stream = service.find_stream(context, input.stream_name, input.stream_arn, input.stream_id);
  if (!stream) co_return stream.take_error();
  const std::string key = stream_key((*stream)->account, (*stream)->region, (*stream)->name);
  auto body = [&](lanes::Transaction& transaction) -> aws::Result<aws::Empty> {
    auto existing = transaction.get(key);
    if (!existing) return aws::Error(existing.take_error());
    if (!*existing) {
      return errors::resource_not_found_exception("Stream " + (*stream)->name + " under account " +
                                                  (*stream)->account + " not found.");
    }
    transaction.erase(key);
    return aws::Empty{};
  };
  const lanes::LaneId lane = service.lanes().lane_of(stable_hash(key));
  auto deleted = co_await service.lanes().run(context.home, lane, body);
  co_return deleted;
}

}  // namespace millstream::kinesis::ops
