#include "services/kinesis/service.h"

#include <fmt/format.h>

#include <limits>
#include <string_view>

#include "services/kinesis/api.gen.h"

namespace millstream::kinesis {
namespace {

struct StreamArn {
  std::string_view account;
  std::string_view region;
  std::string_view name;
};

// arn:aws:kinesis:<region>:<account>:stream/<name>, whose form the model's pattern has checked.
StreamArn split_arn(std::string_view arn) {
  StreamArn parts;
  std::string_view rest = arn;
  for (int field = 0; field < 5; ++field) {
    const size_t colon = rest.find(':');
    if (field == 3) parts.region = rest.substr(0, colon);
    if (field == 4) parts.account = rest.substr(0, colon);
    rest.remove_prefix(colon + 1);
  }
  parts.name = rest.substr(rest.find('/') + 1);
  // A consumer's or queue's ARN goes on behind the stream's name.
  parts.name = parts.name.substr(0, parts.name.find('/'));
  return parts;
}

aws::Error not_found(std::string_view name, std::string_view account) {
  return errors::resource_not_found_exception(
      fmt::format("Stream {} under account {} not found.", name, account));
}

}  // namespace

Result<> Service::start() {
  Result<> loaded = catalog_.load();
  if (loaded && !catalog_.resharding().empty()) resharder_.wake();
  return loaded;
}

aws::Result<std::shared_ptr<const Stream>> Service::find_stream(
    const aws::RequestContext& context, const std::optional<std::string>& name,
    const std::optional<std::string>& arn, const std::optional<std::string>& stream_id) {
  if (arn) {
    const StreamArn parts = split_arn(*arn);
    if (name && *name != parts.name) {
      return errors::invalid_argument_exception("StreamARN and StreamName do not match.");
    }
    // Another account's streams would need a resource policy; none can be set yet.
    std::shared_ptr<const Stream> stream;
    if (parts.account == context.account) {
      stream = catalog_.find(parts.account, parts.region, parts.name);
    }
    if (!stream) return not_found(parts.name, parts.account);
    return stream;
  }
  if (name) {
    std::shared_ptr<const Stream> stream = catalog_.find(context.account, context.region, *name);
    if (!stream) return not_found(*name, context.account);
    return stream;
  }
  if (stream_id) {
    for (auto& stream :
         catalog_.list(context.account, context.region, "", std::numeric_limits<size_t>::max())) {
      if (stream->stream_id == *stream_id) return stream;
    }
    return not_found(*stream_id, context.account);
  }
  return errors::invalid_argument_exception(
      "Either StreamName, StreamARN or StreamId must be provided.");
}

aws::Result<> refuse_dry_run(const std::optional<bool>& dry_run) {
  if (!dry_run.value_or(false)) return {};
  return errors::dry_run_operation_exception(
      "Request would have succeeded, but DryRun flag is set.");
}

}  // namespace millstream::kinesis
