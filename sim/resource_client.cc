#include "sim/resource_client.h"

#include <fmt/format.h>

#include <utility>

namespace millstream::sim {

io::Task<> change_resource(World& world, Node& node, io::Executor& home,
                           std::shared_ptr<Resource> resource, ResourceCall call,
                           Resource::Stage stage) {
  ++resource->under_way;
  if (stage == Resource::Stage::kGone) resource->stage = Resource::Stage::kDeleting;
  Reply reply = co_await node.call(home, call.service, call.operation, call.json);
  world.explain(node, reply, call.operation);
  --resource->under_way;
  resource->undecided = reply.ending != Ending::kDone;
  if (reply.ending == Ending::kDone) resource->stage = stage;
}

io::Task<bool> look_for_resource(World& world, Node& node, io::Executor& home,
                                 std::shared_ptr<Resource> resource, ResourceCall call) {
  Reply reply = co_await node.call(home, call.service, call.operation, call.json);
  if (reply.ending == Ending::kUnknown) {
    world.explain(node, reply, call.operation);
    co_return false;
  }
  const bool is_there = reply.ending == Ending::kDone;
  if (!resource->is_between() && is_there != resource->is_active()) {
    world.findings.add("what was acknowledged is there",
                       fmt::format("{} is {}", resource->name, is_there ? "there" : "gone"));
    co_return false;
  }
  const bool is_as_before = is_there == (resource->stage == Resource::Stage::kDeleting);
  if (resource->undecided && is_as_before) co_return is_there;
  resource->stage = is_there ? Resource::Stage::kActive : Resource::Stage::kGone;
  co_return is_there;
}

}  // namespace millstream::sim
