#include "lanes/stored_document.h"
#include "services/logs/appender.h"
#include "services/logs/errors.h"
#include "services/logs/operations.gen.h"
#include "services/logs/service.h"

namespace millstream::logs::ops {
namespace {

aws::Result<aws::Empty> create(lanes::Transaction& transaction, const GroupAddress& address,
                               std::string_view name, uint64_t id) {
  auto group = lanes::get_document(transaction, group_key(address), decode_group);
  if (!group) return aws::Error(group.take_error());
  if (!*group) return no_such_group();

  const std::string key = stream_key((*group)->id, name);
  auto stored = transaction.get(key);
  if (!stored) return aws::Error(stored.take_error());
  if (*stored) return stream_exists();
  StreamDocument document{.id = id, .creation_ms = transaction.now_ms()};
  transaction.put(key, encode(document));
  return aws::Empty();
}

}  // namespace

io::Task<aws::Result<aws::Empty>> create_log_stream(Service& service,
                                                    const aws::RequestContext& context,
                                                    api::CreateLogStreamRequest input) {
  const GroupAddress address = group_address(context, input.log_group_name);
  const uint64_t id = new_id(service.random());
  auto made = co_await service.lanes().run(
      context.home, service.lane_of(address), [&](lanes::Transaction& transaction) {
        return create(transaction, address, input.log_stream_name, id);
      });
  co_return made;
}

}  // namespace millstream::logs::ops
