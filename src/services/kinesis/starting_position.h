#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "aws/error.h"
#include "aws/model/types.h"
#include "aws/request_context.h"
#include "io/task.h"
#include "services/kinesis/service.h"

namespace millstream::kinesis {

// Where reading begins, as GetShardIterator and SubscribeToShard are told it.
struct Position {
  std::string type;  // "LATEST" and the others
  std::optional<std::string> sequence_number;
  std::optional<aws::Timestamp> timestamp;
};

// The sequence of the first record to be read. Fails with AWS's InvalidArgumentException;
// `operation` stands in its words.
io::Task<aws::Result<uint64_t>> find_sequence(Service& service, const aws::RequestContext& context,
                                              std::shared_ptr<const Stream> stream,
                                              const Shard& shard, Position position,
                                              std::string_view operation);

}  // namespace millstream::kinesis
