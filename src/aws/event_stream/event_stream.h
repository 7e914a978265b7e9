#pragma once

#include <memory>
#include <utility>

#include "aws/error.h"
#include "base/callback.h"
#include "io/task.h"

namespace millstream::aws {

// How an operation answers whose output is an event stream (SubscribeToShard). Its file defines a
// coroutine like every other operation's, with this result:
//
//   io::Task<aws::Result<aws::EventStream<api::SubscribeToShardOutput,
//                                         api::SubscribeToShardEventStream>>>
//   subscribe_to_shard(Service& service, const aws::RequestContext& context,
//                      api::SubscribeToShardInput input) {
//     ... an error here is a plain HTTP error
//     co_return {.first = {}, .producer = std::make_unique<ShardEvents>(service, context.home,
//     ...)};
//   }
//
//   class ShardEvents final : public aws::EventProducer<api::SubscribeToShardEventStream> {
//     io::Task<aws::Result<>> run(aws::EventWriter<api::SubscribeToShardEventStream> events)
//     override {
//       while (events.wanted()) {
//         ... wait for records; events.set_end_observer(...) wakes that wait
//         api::SubscribeToShardEventStream event;
//         event.subscribe_to_shard_event = ...;
//         const bool more = co_await events.send(std::move(event));
//         if (!more) break;
//       }
//       co_return aws::Result<>();
//     }
//   };
//
// `service` outlives the producer. `context` ends with the call: the producer takes what it needs
// of it (`home` may be referred to). Names and payloads of events and exceptions are the generated
// model's.

// Where events go, whatever their type and the wire are. On the executor of the request.
class EventSink {
 public:
  virtual ~EventSink() = default;
  // `event` is of the operation's event type and outlives the task. See EventWriter.
  virtual io::Task<bool> send(const void* event) = 0;
  [[nodiscard]] virtual bool wanted() const = 0;
  virtual void set_end_observer(Callback wake) = 0;
};

// A producer's way to its client. `Event` is the generated structure with a member for each kind of
// event. A value; its stream outlives it.
template <class Event>
class EventWriter {
 public:
  explicit EventWriter(EventSink& sink) : sink_(&sink) {}

  // Sends the one member that is set and returns true once the client has room for another event;
  // false when no more is wanted: the client went away or takes nothing, or the server stops.
  io::Task<bool> send(Event event) { return send_to(*sink_, std::move(event)); }
  [[nodiscard]] bool wanted() const { return sink_->wanted(); }
  // `wake` runs once, from the executor's queue, when no more is wanted; also if that is so
  // already. In place of the one before; an empty one is none.
  void set_end_observer(Callback wake) { sink_->set_end_observer(std::move(wake)); }

 private:
  static io::Task<bool> send_to(EventSink& sink, Event event) {
    const bool more = co_await sink.send(&event);
    co_return more;
  }

  EventSink* sink_;
};

template <class Event>
class EventProducer {
 public:
  virtual ~EventProducer() = default;
  // Runs once after the first message was sent, or never. Starts, sends and ends on the request's
  // executor. Its end is the stream's; an error goes to the client as the stream's last message.
  virtual io::Task<Result<>> run(EventWriter<Event> events) = 0;
};

// What such an operation returns. `first` goes ahead as `initial-response`.
template <class Output, class Event>
struct EventStream {
  Output first;
  std::unique_ptr<EventProducer<Event>> producer;
};

// A producer whose type of event is known to the tables only.
class EventSource {
 public:
  virtual ~EventSource() = default;
  virtual io::Task<Result<>> run(EventSink& sink) = 0;
};

template <class Event>
class TypedEventSource final : public EventSource {
 public:
  explicit TypedEventSource(std::unique_ptr<EventProducer<Event>> producer)
      : producer_(std::move(producer)) {}
  io::Task<Result<>> run(EventSink& sink) override {
    return producer_->run(EventWriter<Event>(sink));
  }

 private:
  const std::unique_ptr<EventProducer<Event>> producer_;
};

}  // namespace millstream::aws
