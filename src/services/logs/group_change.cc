#include "services/logs/group_change.h"

#include "lanes/stored_document.h"
#include "services/logs/errors.h"

namespace millstream::logs {
namespace {

aws::Result<aws::Empty> apply(lanes::Transaction& transaction, const GroupAddress& address,
                              const std::function<aws::Result<>(GroupDocument&)>& change) {
  const std::string key = group_key(address);
  auto document = lanes::get_document(transaction, key, decode_group);
  if (!document) return aws::Error(document.take_error());
  if (!*document) return no_such_group();
  aws::Result<> changed = change(**document);
  if (!changed) return changed.take_error();
  transaction.put(key, encode(**document));
  return aws::Empty();
}

}  // namespace

io::Task<aws::Result<aws::Empty>> change_group(
    Service& service, const aws::RequestContext& context, std::string name,
    std::function<aws::Result<>(GroupDocument&)> change) {
  const GroupAddress address = group_address(context, name);
  auto changed = co_await service.lanes().run(
      context.home, service.lane_of(address),
      [&](lanes::Transaction& transaction) { return apply(transaction, address, change); });
  co_return changed;
}

}  // namespace millstream::logs
