#include "base/coding.h"
#include "lanes/stored_document.h"
#include "services/logs/errors.h"
#include "services/logs/operations.gen.h"
#include "services/logs/service.h"

namespace millstream::logs::ops {
namespace {

aws::Result<aws::Empty> remove(lanes::Transaction& transaction, const Group& group,
                               std::string_view name) {
  const std::string key = stream_key(group.document.id, name);
  auto stream = lanes::get_document(transaction, key, decode_stream);
  if (!stream) return aws::Error(stream.take_error());
  if (!*stream) return no_such_stream();

  transaction.erase(key);
  if ((*stream)->last_sequence == 0) return aws::Empty();
  std::string hash;
  append_big(group_hash(group.address), &hash);
  transaction.put(removal_key(group.document.id, (*stream)->id), hash);
  return aws::Empty();
}

}  // namespace

io::Task<aws::Result<aws::Empty>> delete_log_stream(Service& service,
                                                    const aws::RequestContext& context,
                                                    api::DeleteLogStreamRequest input) {
  auto group = service.find_group(context, input.log_group_name);
  if (!group) co_return group.take_error();
  auto removed = co_await service.lanes().run(
      context.home, service.lane_of(group->address), [&](lanes::Transaction& transaction) {
        return remove(transaction, *group, input.log_stream_name);
      });
  if (removed) service.sweeper().wake();
  co_return removed;
}

}  // namespace millstream::logs::ops
