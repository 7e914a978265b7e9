#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "aws/event_stream/event_stream.h"
#include "services/kinesis/api.gen.h"
#include "services/kinesis/service.h"

namespace millstream::kinesis {

// What SubscribeToShard sends for five minutes: records as they are committed, an event without any
// when there have been none for a while, so that the client sees that it is there and how far it
// is, and the children at the shard's end. Reads no further while the client takes nothing, so it
// holds one event at most.
class ShardEvents final : public aws::EventProducer<api::SubscribeToShardEventStream> {
 public:
  struct Start {
    std::string consumer_arn;
    lanes::ShardKey shard;
    uint64_t sequence = 0;  // of the first record wanted
    std::shared_ptr<Subscription> subscription;
  };
  // The service and `home` outlive it; `home` is the request's executor.
  ShardEvents(Service& service, io::Executor& home, Start start);
  ~ShardEvents() override;

  io::Task<aws::Result<>> run(aws::EventWriter<api::SubscribeToShardEventStream> events) override;

 private:
  using Event = api::SubscribeToShardEvent;

  // The next event; without records if there are none.
  io::Task<aws::Result<Event>> next_event();

  Service& service_;
  io::Executor& home_;
  const Start start_;
  uint64_t sequence_;
};

}  // namespace millstream::kinesis
