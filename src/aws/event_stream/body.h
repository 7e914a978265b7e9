#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "aws/event_stream/event_stream.h"
#include "aws/failure_log.h"
#include "aws/service_table.h"
#include "http/body_producer.h"

namespace millstream::aws {

inline constexpr std::string_view kEventStreamType = "application/vnd.amazon.eventstream";

// An event stream as a response's body: the first message, an event's message for each event, and
// one for the error that it ends with, if it does. Payloads are in the request's own format.
//
//   :message-type event      :event-type initial-response | <the event's name>, :content-type
//   :message-type exception  :exception-type <an exception that the stream's model lists>
//   :message-type error      :error-code, :error-message: every other
class EventStreamBody final : public http::BodyProducer, private EventSink {
 public:
  // `first` is the operation's output, written. `protocol` is kJson, kCbor or kRpcV2Cbor. Model,
  // row and failures outlive it.
  EventStreamBody(Protocol protocol, const ServiceModel& model, const OperationRow& row,
                  std::string request_id, std::string first, std::unique_ptr<EventSource> source,
                  FailureLog& failures);

  io::Task<bool> run(http::BodySink& sink) override;

 private:
  io::Task<bool> send(const void* event) override;
  [[nodiscard]] bool wanted() const override { return sink_->wanted(); }
  void set_end_observer(Callback wake) override { sink_->set_end_observer(std::move(wake)); }

  [[nodiscard]] std::string event_frame(std::string_view name, std::string_view payload) const;
  [[nodiscard]] std::string error_frame(const Error& error) const;
  [[nodiscard]] std::string message_payload(std::string_view message) const;

  const Protocol protocol_;
  const ServiceModel& model_;
  const OperationRow& row_;
  const std::string request_id_;
  std::string first_;
  const std::unique_ptr<EventSource> source_;
  FailureLog& failures_;
  const std::string content_type_;
  http::BodySink* sink_ = nullptr;
};

}  // namespace millstream::aws
