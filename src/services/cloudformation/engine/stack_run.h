#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "aws/request_context.h"
#include "services/cloudformation/engine/engine.h"
#include "services/cloudformation/stack_values.h"

namespace millstream::cloudformation {

// One run of a stack's operation, from what is stored to the operation's end. Lives in the
// coroutine that drives it; everything happens on `home`. Every change goes first into the
// documents here and then, with save(), into the stack's lane; a run whose operation was
// superseded, or that can't read or store, stops.
class StackRun {
 public:
  StackRun(const Engine::Parts& parts, io::Executor& home, StackAddress address);

  // Works until nothing is under way with the stack, or the run has to stop. Fails when that was
  // because it couldn't read or store: another run may go on from what is stored.
  io::Task<Result<>> drive();

 private:
  // What one save() stores beside the stack itself.
  struct Step {
    std::vector<const ResourceDocument*> resources;
    std::vector<std::string> erased_resources;
    std::vector<EventDocument> events;
    bool forgets_previous_template = false;
    bool restores_previous_template = false;
    bool frees_name = false;
  };

  // ---- stack_run.cc
  io::Task<Result<>> load();
  io::Task<> run_phase();
  void stop_for(Error failure);
  // Stores; afterwards `stopped_` tells whether the run goes on.
  io::Task<> save(Step step);
  io::Task<> set_status(std::string status, std::string reason, Step step);
  void write_step(lanes::Transaction& transaction, const Step& step, StackDocument& stack);
  EventDocument stack_event() const;
  EventDocument resource_event(const ResourceDocument& document, const std::string& physical_id,
                               const Value* properties) const;
  void set_resource(ResourceDocument& document, std::string status, std::string reason);
  ResourceDocument* find(const std::string& name);
  ServiceCaller caller() const { return {&parts_.gateway, &context_}; }
  // The documents' names so that each stands behind what it depends on.
  std::vector<std::string> documents_in_order() const;
  std::set<std::string> active_now();

  // ---- deploy.cc: CREATE_IN_PROGRESS and UPDATE_IN_PROGRESS
  io::Task<> deploy();
  io::Task<bool> deploy_resource(std::string name, StandingValues& values, Evaluator& evaluator);
  io::Task<bool> begin(ResourceDocument& document, const ResourceType& type, Value desired);
  io::Task<bool> carry_out(ResourceDocument& document, const ResourceType& type, bool resumed);
  io::Task<bool> fail_resource(ResourceDocument& document, std::string action, std::string reason);
  io::Task<> finish_deploy(StandingValues& values, Evaluator& evaluator);
  io::Task<> fail_deploy(std::string reason);
  std::string failure_reason() const;
  void describe_resource(ResourceDocument& document, const ResourceDeclaration& declaration,
                         const StandingValues& values) const;

  // ---- restore.cc: UPDATE_ROLLBACK_IN_PROGRESS
  io::Task<> restore();
  io::Task<bool> restore_resource(ResourceDocument& document);
  io::Task<bool> update_back(ResourceDocument& document);

  // ---- removal.cc: DELETE_IN_PROGRESS and ROLLBACK_IN_PROGRESS
  io::Task<> remove_all();
  io::Task<bool> remove_resource(ResourceDocument& document, bool keeps_retained);
  // Deletes one physical resource, with its events. False when it failed.
  io::Task<bool> remove_physical(ResourceDocument& document, PhysicalResource physical);
  // Turns a create that was cut off into a leftover, if it made anything.
  io::Task<> adopt_partial(ResourceDocument& document);

  // ---- cleanup.cc: UPDATE_COMPLETE_CLEANUP_IN_PROGRESS and its rollback counterpart
  io::Task<> clean_up();
  io::Task<> clean_up_resource(ResourceDocument& document, bool is_active);

  const Engine::Parts parts_;
  io::Executor& home_;
  const StackAddress address_;
  aws::RequestContext context_;

  StackDocument stack_;
  std::vector<ResourceDocument> resources_;
  std::optional<Template> template_;
  Exports exports_;
  std::vector<std::string> failed_creates_;
  std::vector<std::string> failed_updates_;
  bool stopped_ = false;
  Result<> outcome_;  // of drive(), once stopped_ is set
};

// The properties under which a resource is known to its service: those of the template, and its
// name.
Value with_name(const TypeDescription& type, const Value& properties, const std::string& name);

// "<stack>-<resource>-<12 characters>", cut to the type's length.
std::string generated_name(const TypeDescription& type, const std::string& stack,
                           const std::string& resource, Random& random);

}  // namespace millstream::cloudformation
