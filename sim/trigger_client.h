#pragma once

#include <memory>
#include <string>

#include "sim/world.h"

namespace millstream::sim {

// Clients of the event source mappings, as kinesis_client.h has Kinesis's.

struct MappingSpec {
  bool from_latest = false;
  int32_t batch_size = 10;
  int32_t batching_window_s = 0;
  int32_t retry_attempts_max = -1;
};
io::Task<> create_mapping(World& world, Node& node, io::Executor& home,
                          std::shared_ptr<TriggerModel> trigger, MappingSpec spec);
io::Task<> set_mapping_enabled(World& world, Node& node, io::Executor& home,
                               std::shared_ptr<TriggerModel> trigger, bool enabled);
io::Task<> delete_mapping(World& world, Node& node, io::Executor& home,
                          std::shared_ptr<TriggerModel> trigger);

// Compares which mappings there are with those that must be. Nobody changes them meanwhile.
void verify_mappings(World& world, Node& node);

}  // namespace millstream::sim
