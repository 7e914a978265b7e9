#include "services/cloudformation/engine/stack_run.h"

#include <algorithm>

#include "services/cloudformation/template/dependencies.h"
#include "services/cloudformation/template/json.h"

namespace millstream::cloudformation {

StackRun::StackRun(const Engine::Parts& parts, io::Executor& home, StackAddress address)
    : parts_(parts),
      home_(home),
      address_(std::move(address)),
      context_{.home = home,
               .request_id = parts.random.uuid(),
               .account = address_.account,
               .region = address_.region,
               .now_ms = parts.clock.wall_ms()} {}

io::Task<Result<>> StackRun::drive() {
  Result<> loaded = co_await load();
  if (!loaded) stop_for(loaded.take_error());
  while (!stopped_ && is_busy(stack_.status)) co_await run_phase();
  co_return outcome_;
}

void StackRun::stop_for(Error failure) {
  stopped_ = true;
  outcome_ = Result<>(std::move(failure));
}

io::Task<Result<>> StackRun::load() {
  auto stack = co_await parts_.store.stack(home_, address_);
  if (!stack) co_return stack.take_error();
  if (!*stack || !is_busy((*stack)->status)) {
    stopped_ = true;
    co_return Result<>();
  }
  stack_ = std::move(**stack);
  context_.principal_arn = stack_.operation.principal_arn;
  auto resources = co_await parts_.store.resources(home_, address_);
  if (!resources) co_return resources.take_error();
  resources_ = resources.take();
  auto exports = co_await parts_.store.exports(home_, address_.account, address_.region);
  if (!exports) co_return exports.take_error();
  exports_ = exports.take();
  auto body = co_await parts_.store.template_body(home_, address_, TemplateRole::kCurrent);
  if (!body) co_return body.take_error();
  if (!*body) co_return Result<>();
  auto parsed = parse_template(**body);
  if (!parsed) co_return parsed.take_error();
  template_ = parsed.take();
  co_return Result<>();
}

io::Task<> StackRun::run_phase() {
  const std::string status = stack_.status;
  if (status == "CREATE_IN_PROGRESS" || status == "UPDATE_IN_PROGRESS") {
    co_await deploy();
  } else if (status == "UPDATE_ROLLBACK_IN_PROGRESS") {
    co_await restore();
  } else if (status == "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS" ||
             status == "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS") {
    co_await clean_up();
  } else {
    CHECK(status == "DELETE_IN_PROGRESS" || status == "ROLLBACK_IN_PROGRESS");
    co_await remove_all();
  }
}

void StackRun::write_step(lanes::Transaction& transaction, const Step& step, StackDocument& stack) {
  for (const ResourceDocument* document : step.resources) {
    transaction.put(resource_key(address_, document->name), encode(*document));
  }
  for (const std::string& name : step.erased_resources) {
    transaction.erase(resource_key(address_, name));
  }
  store_stack(transaction, stack, step.events);
}

io::Task<> StackRun::save(Step step) {
  auto body = [&](lanes::Transaction& transaction) -> Result<> {
    auto stored = load_stack(transaction, address_);
    if (!stored) return stored.take_error();
    if (!*stored) {
      return Error{ErrorCode::kNotFound, "stack " + stack_id(address_) + " is gone"};
    }
    if ((*stored)->operation.id != stack_.operation.id) {
      // Another operation took over. What this one did to its resources is still true.
      stopped_ = true;
      write_step(transaction, step, **stored);
      return {};
    }
    stack_.next_event = (*stored)->next_event;
    stack_.termination_protection = (*stored)->termination_protection;
    const std::string previous_key = template_key(address_, TemplateRole::kPrevious);
    if (step.restores_previous_template) {
      auto previous = transaction.get(previous_key);
      if (!previous) return previous.take_error();
      if (*previous) {
        transaction.put(template_key(address_, TemplateRole::kCurrent), **previous);
      }
    }
    if (step.forgets_previous_template) transaction.erase(previous_key);
    if (step.frees_name) {
      transaction.erase(name_key(address_.account, address_.region, address_.name));
    }
    write_step(transaction, step, stack_);
    return {};
  };
  auto saved = co_await parts_.store.lanes().run(home_, parts_.store.lane_of(address_), body);
  if (!saved) stop_for(saved.take_error());
}

io::Task<> StackRun::set_status(std::string status, std::string reason, Step step) {
  stack_.status = std::move(status);
  stack_.status_reason = std::move(reason);
  step.events.push_back(stack_event());
  co_await save(std::move(step));
}

EventDocument StackRun::stack_event() const {
  EventDocument event;
  event.id = parts_.random.uuid();
  event.logical_id = address_.name;
  event.physical_id = stack_id(address_);
  event.type = "AWS::CloudFormation::Stack";
  event.status = stack_.status;
  event.status_reason = stack_.status_reason;
  event.client_token = stack_.operation.client_token;
  event.operation_id = stack_.operation.id;
  event.timestamp_ms = parts_.clock.wall_ms();
  return event;
}

EventDocument StackRun::resource_event(const ResourceDocument& document,
                                       const std::string& physical_id,
                                       const Value* properties) const {
  EventDocument event;
  event.id = document.name + "-" + document.status + "-" + parts_.random.uuid();
  event.logical_id = document.name;
  event.physical_id = physical_id;
  event.type = document.type;
  event.status = document.status;
  event.status_reason = document.status_reason;
  if (properties) event.properties = write_json(*properties);
  event.client_token = stack_.operation.client_token;
  event.operation_id = stack_.operation.id;
  event.timestamp_ms = document.timestamp_ms;
  return event;
}

void StackRun::set_resource(ResourceDocument& document, std::string status, std::string reason) {
  document.status = std::move(status);
  document.status_reason = std::move(reason);
  document.timestamp_ms = parts_.clock.wall_ms();
  document.operation_id = stack_.operation.id;
}

ResourceDocument* StackRun::find(const std::string& name) {
  const auto found =
      std::find_if(resources_.begin(), resources_.end(),
                   [&name](const ResourceDocument& document) { return document.name == name; });
  return found == resources_.end() ? nullptr : &*found;
}

std::vector<std::string> StackRun::documents_in_order() const {
  std::vector<std::string> names;
  Dependencies dependencies;
  for (const ResourceDocument& document : resources_) {
    names.push_back(document.name);
    dependencies[document.name].insert(document.depends_on.begin(), document.depends_on.end());
  }
  return in_order(names, dependencies);
}

std::set<std::string> StackRun::active_now() {
  StandingValues values(*template_, parts_.types, exports_);
  const PseudoParameters pseudo = pseudo_parameters(address_);
  Evaluator evaluator(*template_, stack_.settings.parameters, pseudo, values);
  auto active = active_resources(*template_, evaluator);
  // The conditions were worked out before the operation was accepted.
  CHECK(active.ok());
  return {active->begin(), active->end()};
}

Value with_name(const TypeDescription& type, const Value& properties, const std::string& name) {
  Value named = properties;
  if (!type.name_property.empty()) named.set(type.name_property, Value(name));
  return named;
}

std::string generated_name(const TypeDescription& type, const std::string& stack,
                           const std::string& resource, Random& random) {
  constexpr size_t kRandomLength = 12;
  const std::string suffix =
      random.text(kRandomLength, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
  const size_t room = type.name_length_max - kRandomLength - 2;
  const size_t stack_length = std::min(stack.size(), room - std::min(resource.size(), room / 2));
  const size_t resource_length = std::min(resource.size(), room - stack_length);
  return stack.substr(0, stack_length) + "-" + resource.substr(0, resource_length) + "-" + suffix;
}

}  // namespace millstream::cloudformation
