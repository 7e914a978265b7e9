#include "base/coding.h"
#include "services/logs/errors.h"
#include "services/logs/operations.gen.h"
#include "services/logs/service.h"

namespace millstream::logs::ops {
namespace {

// Takes the group and its streams away; the sweeper takes the events.
aws::Result<aws::Empty> remove(lanes::Transaction& transaction, const GroupAddress& address) {
  const std::string key = group_key(address);
  auto stored = transaction.get(key);
  if (!stored) return aws::Error(stored.take_error());
  if (!*stored) return no_such_group();
  auto group = decode_group(**stored);
  if (!group) return aws::Error(group.take_error());

  std::vector<std::string> streams;
  const std::string first = stream_key(group->id, "");
  Result<> scanned = transaction.scan(first, lanes::prefix_end(first), [&](auto stream, auto) {
    streams.emplace_back(stream);
    return true;
  });
  if (!scanned) return aws::Error(scanned.take_error());
  for (const auto& stream : streams) transaction.erase(stream);
  transaction.erase(key);

  std::string hash;
  append_big(group_hash(address), &hash);
  transaction.put(removal_key(group->id, 0), hash);
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
