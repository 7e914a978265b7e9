#include "services/logs/service.h"

#include "services/logs/api.gen.h"
#include "services/logs/errors.h"

namespace millstream::logs {

Service::Service(lanes::Lanes& lanes, Random& random, Clock& clock, io::Executor& background,
                 std::function<void(const std::string&)> warn)
    : lanes_(lanes),
      random_(random),
      catalogue_(lanes),
      sweeper_(lanes, clock, background, catalogue_, warn),
      writer_(lanes, random, background, warn) {}

Result<> Service::start() {
  Result<> loaded = catalogue_.load();
  if (!loaded) return loaded;
  sweeper_.wake();
  return {};
}

void Service::stop() {
  writer_.stop();
  sweeper_.stop();
}

aws::Result<Group> Service::find_group(const aws::RequestContext& context,
                                       std::string_view name) const {
  auto group = catalogue_.find_group(group_address(context, name));
  if (!group) return no_such_group();
  return std::move(*group);
}

aws::Result<Group> Service::find_group(const aws::RequestContext& context,
                                       const std::optional<std::string>& name,
                                       const std::optional<std::string>& identifier) const {
  if (name && identifier) {
    return errors::invalid_parameter_exception(
        "LogGroup name and LogGroup ARN are mutually exclusive parameters.");
  }
  if (!name && !identifier) {
    return errors::invalid_parameter_exception(
        "Either LogGroup name or LogGroup identifier must be specified.");
  }
  return find_group(context,
                    name ? std::string_view(*name) : group_name_of_identifier(*identifier));
}

GroupAddress group_address(const aws::RequestContext& context, std::string_view name) {
  return {context.account, context.region, std::string(name)};
}

}  // namespace millstream::logs
