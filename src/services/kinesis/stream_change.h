#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "aws/error.h"
#include "aws/request_context.h"
#include "io/task.h"
#include "lanes/transaction.h"
#include "services/kinesis/consumer.h"
#include "services/kinesis/service.h"
#include "services/kinesis/stream.h"

namespace millstream::kinesis {

// Changes a stream: `change` runs in the transaction of the stream's lane, on the stream as it is
// stored, which must be ACTIVE. Its failure leaves everything as it was. `status` is what the
// stream is in for the time of --transition-ms, "UPDATING" or nothing. Fails with AWS's
// ResourceInUseException or ResourceNotFoundException, or as `change` does.
using ChangeStream = std::function<aws::Result<>(Stream& stream, int64_t now_ms)>;
io::Task<aws::Result<>> change_stream(Service& service, const aws::RequestContext& context,
                                      std::shared_ptr<const Stream> stream, ChangeStream change,
                                      std::string status = "UPDATING");

// Runs `change` in the transaction of the stream's lane, with the stream as it is stored, while it
// is there and ACTIVE; what `change` wants kept it writes itself. Fails as change_stream does.
io::Task<aws::Result<>> run_with_stream(
    Service& service, const aws::RequestContext& context, std::shared_ptr<const Stream> stream,
    std::function<aws::Result<>(lanes::Transaction& transaction, Stream& stream)> change);

// `found` as its lane sees it, while it is there and ACTIVE. Fails as change_stream does.
aws::Result<Stream> active_stream(lanes::Transaction& transaction, const Stream& found,
                                  int64_t now_ms);

// As change_stream, for a consumer.
using ChangeConsumer = std::function<aws::Result<>(Consumer& consumer, int64_t now_ms)>;
io::Task<aws::Result<>> change_consumer(Service& service, const aws::RequestContext& context,
                                        std::shared_ptr<const Consumer> consumer,
                                        ChangeConsumer change, std::string status = "");

// Erases the stream's document and its consumers', in the transaction of its lane.
Result<> erase_stream(lanes::Transaction& transaction, const Stream& stream);

// How long a change takes to come into its own (--transition-ms); nothing if it is there at once.
std::optional<Transition> transition_to(Service& service, std::string status, int64_t now_ms);

// ResourceInUseException for a stream or a consumer that isn't ACTIVE.
aws::Error not_active(const Stream& stream, std::string_view status);
aws::Error not_active(const Consumer& consumer);

}  // namespace millstream::kinesis
