#pragma once

#include <memory>
#include <string>

#include "sim/world.h"

namespace millstream::sim {

// What clients of streams and of tables have in common.

// An operation on a resource: "kinesis", "CreateStream" and its input.
struct ResourceCall {
  std::string service;
  std::string operation;
  std::string json;
};
// Creates or deletes a resource: it is at `stage` once that is acknowledged.
io::Task<> change_resource(World& world, Node& node, io::Executor& home,
                           std::shared_ptr<Resource> resource, ResourceCall call,
                           Resource::Stage stage);
// Asks by a Describe operation whether a resource is there, and checks that it may be, or be not.
// Gives whether it is.
io::Task<bool> look_for_resource(World& world, Node& node, io::Executor& home,
                                 std::shared_ptr<Resource> resource, ResourceCall call);

}  // namespace millstream::sim
