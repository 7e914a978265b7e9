#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sim/world.h"

namespace millstream::sim {

// Kinesis's clients: each begins a request on one of the node's reactors and tells the model what
// came of it. The world outlives the requests; a node waits for them before it ends.

struct PutEntrySpec {
  std::string partition_key;
  size_t size;
};
io::Task<> put_record(World& world, Node& node, io::Executor& home,
                      std::shared_ptr<StreamModel> stream, PutEntrySpec entry);
io::Task<> put_records(World& world, Node& node, io::Executor& home,
                       std::shared_ptr<StreamModel> stream, std::vector<PutEntrySpec> entries);

struct WalkSpec {
  std::string iterator_type;  // as GetShardIterator takes it
  uint64_t pick = 0;          // chooses the record for the types that need one
  int limit = 10;             // records a page
};
// Reads a shard from a place to its tip.
io::Task<> walk_shard(World& world, Node& node, io::Executor& home,
                      std::shared_ptr<StreamModel> stream, uint32_t shard, WalkSpec spec);

io::Task<> create_stream(World& world, Node& node, io::Executor& home,
                         std::shared_ptr<StreamModel> stream);
io::Task<> delete_stream(World& world, Node& node, io::Executor& home,
                         std::shared_ptr<StreamModel> stream);

// Finds out whether a stream is there, reads all of it and checks it. Nobody else writes to it.
io::Task<> verify_stream(World& world, Node& node, io::Executor& home,
                         std::shared_ptr<StreamModel> stream);

}  // namespace millstream::sim
