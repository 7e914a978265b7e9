#include "aws/event_stream/body.h"

#include <algorithm>
#include <array>
#include <utility>

#include "aws/cbor/encoder.h"
#include "aws/cbor/writer.h"
#include "aws/event_stream/frame.h"
#include "aws/json/writer.h"
#include "base/check.h"
#include "base/json_text.h"

namespace millstream::aws {

namespace {

std::string content_type(Protocol protocol, const ServiceModel& model) {
  if (protocol == Protocol::kRpcV2Cbor) return "application/cbor";
  const std::string_view format = protocol == Protocol::kCbor ? "cbor-" : "json-";
  return std::string("application/x-amz-").append(format).append(model.json_version);
}

}  // namespace

EventStreamBody::EventStreamBody(Protocol protocol, const ServiceModel& model,
                                 const OperationRow& row, std::string request_id, std::string first,
                                 std::unique_ptr<EventSource> source, FailureLog& failures)
    : protocol_(protocol),
      model_(model),
      row_(row),
      request_id_(std::move(request_id)),
      first_(std::move(first)),
      source_(std::move(source)),
      failures_(failures),
      content_type_(content_type(protocol, model)) {}

io::Task<bool> EventStreamBody::run(http::BodySink& sink) {
  sink_ = &sink;
  const bool more = co_await sink.write(event_frame("initial-response", std::exchange(first_, {})));
  if (!more) co_return true;
  Result<> done = co_await source_->run(*this);
  if (!done) {
    const Error& error = done.error();
    if (!error.detail.empty()) failures_.internal_failure(request_id_, row_.name, error.detail);
    // A client that is gone misses nothing by it.
    (void)co_await sink.write(error_frame(error));
  }
  co_return true;
}

io::Task<bool> EventStreamBody::send(const void* event) {
  const model::Type& type = *row_.events->type;
  const auto member =
      std::find_if(type.members.begin(), type.members.end(),
                   [&](const model::Member& each) { return each.get(event) != nullptr; });
  CHECK(member != type.members.end());
  std::string payload;
  if (protocol_ == Protocol::kJson) {
    append_json_object(*member->type, member->get(event), {}, &payload);
  } else {
    const CborTime time =
        protocol_ == Protocol::kCbor ? CborTime::kMilliseconds : CborTime::kSeconds;
    append_cbor_object(*member->type, member->get(event), time, &payload);
  }
  const bool more = co_await sink_->write(event_frame(member->wire_name, payload));
  co_return more;
}

std::string EventStreamBody::event_frame(std::string_view name, std::string_view payload) const {
  const std::array<EventHeader, 3> headers = {
      {{":message-type", "event"}, {":event-type", name}, {":content-type", content_type_}}};
  std::string frame;
  append_event_frame(headers, payload, &frame);
  return frame;
}

std::string EventStreamBody::error_frame(const Error& error) const {
  const auto& listed = row_.events->exceptions;
  const std::string_view code = error.overload ? row_.overload_code : error.type;
  std::string frame;
  if (std::find(listed.begin(), listed.end(), code) != listed.end()) {
    const std::array<EventHeader, 3> headers = {{{":message-type", "exception"},
                                                 {":exception-type", code},
                                                 {":content-type", content_type_}}};
    append_event_frame(headers, message_payload(error.message), &frame);
  } else {
    const std::array<EventHeader, 3> headers = {
        {{":message-type", "error"}, {":error-code", code}, {":error-message", error.message}}};
    append_event_frame(headers, {}, &frame);
  }
  return frame;
}

std::string EventStreamBody::message_payload(std::string_view message) const {
  std::string payload;
  if (protocol_ == Protocol::kJson) {
    payload = "{\"message\":" + json_string(message) + "}";
  } else {
    append_cbor_map(1, &payload);
    append_cbor_text("message", &payload);
    append_cbor_text(message, &payload);
  }
  return payload;
}

}  // namespace millstream::aws
