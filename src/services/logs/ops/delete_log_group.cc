#include "base/coding.h"
#include "lanes/stored_document.h"
#include "services/logs/errors.h"
#include "services/logs/operations.gen.h"
#include "services/logs/service.h"

namespace millstream::logs::ops {
namespace {

// Takes the group and its streams away; the sweeper takes the events.
aws::Result<aws::Empty> remove(lanes::Transaction& transaction, const GroupAddress& address) {
  const std::string key = group_key(address);
  auto found = lanes::get_document(transaction, key, decode_group);
  if (!found) return aws::Error(found.take_error());
  if (!*found) return no_such_group();
  const uint64_t id = (*found)->id;

  std::vector<std::string> streams;
  const std::string first = stream_key(id, "");
  Result<> scanned = transaction.scan(first, lanes::prefix_end(first), [&](auto stream, auto) {
    streams.emplace_back(stream);
    return true;
  });
  if (!scanned) return aws::Error(scanned.take_error());
  for (const auto& stream : streams) transaction.erase(stream);
  transaction.erase(key);

  std::string hash;
  append_big(group_hash(address), &hash);
  transaction.put(removal_key(id, 0), hash);
  return aws::Empty();
}

}  // namespace

io::Task<aws::Result<aws::Empty>> delete_log_group(Service& service,
                                                   const aws::RequestContext& context,
                                                   api::DeleteLogGroupRequest input) {
  const GroupAddress address = group_address(context, input.log_group_name);
  auto removed = co_await service.lanes().run(
      context.home, service.lane_of(address),
      [&](lanes::Transaction& transaction) { return remove(transaction, address); });
  if (removed) service.sweeper().wake();
  co_return removed;
}

}  // namespace millstream::logs::ops
