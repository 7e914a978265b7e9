#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "aws/event_stream/event_stream.h"
#include "aws/service_table.h"

namespace millstream::aws::model {

// The one coroutine that an operation costs: input in, operation, output out. An operation without
// input or output has aws::Empty there.
template <class Service, class Input, class Output,
          io::Task<Result<Output>> (*kOperation)(Service&, const RequestContext&, Input)>
io::Task<Result<>> invoke(void* service, const RequestContext& context, Exchange& exchange) {
  Input input;
  Result<> read = exchange.read(&input);
  if (!read) co_return read.take_error();
  Result<Output> output =
      co_await kOperation(*static_cast<Service*>(service), context, std::move(input));
  if (!output) co_return output.take_error();
  exchange.write(&*output);
  co_return Result<>();
}

// The same for one that answers with an event stream.
template <class Service, class Input, class Output, class Event,
          io::Task<Result<EventStream<Output, Event>>> (*kOperation)(Service&,
                                                                     const RequestContext&, Input)>
io::Task<Result<std::unique_ptr<EventSource>>> invoke_stream(void* service,
                                                             const RequestContext& context,
                                                             Exchange& exchange) {
  Input input;
  Result<> read = exchange.read(&input);
  if (!read) co_return read.take_error();
  Result<EventStream<Output, Event>> stream =
      co_await kOperation(*static_cast<Service*>(service), context, std::move(input));
  if (!stream) co_return stream.take_error();
  exchange.write(&stream->first);
  co_return std::unique_ptr<EventSource>(
      std::make_unique<TypedEventSource<Event>>(std::move(stream->producer)));
}

template <class Service, io::Task<Result<std::optional<std::string>>> (*kOperation)(
                             Service&, const RequestContext&, std::string_view)>
io::Task<Result<std::optional<std::string>>> invoke_raw(void* service,
                                                        const RequestContext& context,
                                                        std::string_view body) {
  return kOperation(*static_cast<Service*>(service), context, body);
}

}  // namespace millstream::aws::model
