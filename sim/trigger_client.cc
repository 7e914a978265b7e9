#include "sim/trigger_client.h"

#include <fmt/format.h>

#include <utility>

namespace millstream::sim {
namespace {

using Changed = Result<triggers::Engine::Changed>;

std::string function_arn(const std::string& function) {
  return fmt::format("arn:aws:lambda:{}:{}:function:{}", kRegion, kAccount, function);
}

// Whether the change was acknowledged; says so if it wasn't and should have been.
bool is_done(World& world, const Node& node, TriggerModel& trigger, const Changed& changed,
             const char* what) {
  if (node.is_dead()) return false;
  trigger.undecided = !changed;
  if (changed && changed->mapping) return true;
  if (changed && trigger.deletion_asked) return false;  // that came first
  Reply failure;
  failure.detail = changed ? "there is no such mapping" : changed.error().message;
  world.explain(node, failure, what);
  return false;
}

}  // namespace

io::Task<> create_mapping(World& world, Node& node, io::Executor& home,
                          std::shared_ptr<TriggerModel> trigger, MappingSpec spec) {
  const auto stream = node.kinesis().catalog().find(kAccount, kRegion, trigger->stream()->name);
  if (!stream) co_return;
  ++trigger->stream()->under_way;
  triggers::Mapping mapping;
  mapping.account = kAccount;
  mapping.region = kRegion;
  mapping.stream_arn = stream->arn();
  mapping.function_name = trigger->function();
  mapping.function_arn = function_arn(trigger->function());
  mapping.starting_position = spec.from_latest ? "LATEST" : "TRIM_HORIZON";
  mapping.batch_size = spec.batch_size;
  mapping.batching_window_s = spec.batching_window_s;
  mapping.retry_attempts_max = spec.retry_attempts_max;
  Changed changed = co_await node.triggers().create(home, std::move(mapping), stream);
  --trigger->stream()->under_way;
  if (!is_done(world, node, *trigger, changed, "CreateEventSourceMapping")) co_return;
  trigger->uuid = changed->mapping->uuid;
  trigger->set_starts(changed->mapping->starts);
}

io::Task<> set_mapping_enabled(World& world, Node& node, io::Executor& home,
                               std::shared_ptr<TriggerModel> trigger, bool enabled) {
  std::function<void(triggers::Mapping&)> change = [enabled](triggers::Mapping& mapping) {
    mapping.enabled = enabled;
  };
  Changed changed =
      co_await node.triggers().update(home, kAccount, kRegion, trigger->uuid, std::move(change));
  if (is_done(world, node, *trigger, changed, "UpdateEventSourceMapping"))
    trigger->enabled = enabled;
}

io::Task<> delete_mapping(World& world, Node& node, io::Executor& home,
                          std::shared_ptr<TriggerModel> trigger) {
  trigger->deletion_asked = true;
  Changed changed = co_await node.triggers().remove(home, kAccount, kRegion, trigger->uuid);
  if (is_done(world, node, *trigger, changed, "DeleteEventSourceMapping")) trigger->deleted = true;
}

void verify_mappings(World& world, Node& node) {
  const auto all = [](const triggers::Mapping&) { return true; };
  std::map<std::string, std::shared_ptr<const triggers::Mapping>> there;
  for (const auto& active : node.triggers().list(kAccount, kRegion, "", SIZE_MAX, all)) {
    there.emplace(active->mapping()->function_name, active->mapping());
  }
  for (auto& [function, trigger] : world.triggers) {
    const auto found = there.find(function);
    const bool is_there = found != there.end();
    const bool is_known = !trigger->uuid.empty();
    if (is_there && trigger->deleted) {
      world.findings.add("what was acknowledged is there",
                         "the mapping of " + function + " is there; its deletion was answered");
    }
    if (!is_there) {
      // Its creation or its deletion had no answer.
      if (!is_known && trigger->undecided) continue;
      if (!is_known || trigger->deletion_asked) trigger->deleted = true;
      if (trigger->deleted) continue;
      world.findings.add("what was acknowledged is there",
                         "the mapping of " + function + " is gone");
      continue;
    }
    trigger->deletion_asked &= trigger->undecided;
    trigger->uuid = found->second->uuid;
    trigger->enabled = found->second->enabled;
    trigger->set_starts(found->second->starts);
  }
}

}  // namespace millstream::sim
