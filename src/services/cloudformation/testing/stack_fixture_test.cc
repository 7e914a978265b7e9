#include <algorithm>

#include "services/cloudformation/testing/stack_fixture.h"

namespace millstream::cloudformation::testing {
namespace {

constexpr const char* kStackName = "flights";
const std::vector<std::string> kCapabilities = {"CAPABILITY_NAMED_IAM"};

}  // namespace

io::Task<Result<>> CutOffLanes::commit(io::Executor& home, lanes::LaneId lane,
                                       std::function<bool(lanes::Transaction&)> evaluate) {
  if (commits_left && *commits_left == 0) {
    co_return Error{ErrorCode::kUnavailable, "the process is gone"};
  }
  if (commits_left) --*commits_left;
  auto committed = co_await lanes_.commit(home, lane, std::move(evaluate));
  co_return committed;
}

StackFixture::StackFixture()
    : context_{.home = node_.home(),
               .request_id = "request",
               .account = "000000000000",
               .region = "us-east-1",
               .principal_arn = "arn:aws:iam::000000000000:root",
               .now_ms = 1'700'000'000'000} {
  open();
}

void StackFixture::open() {
  lanes_ = std::make_unique<CutOffLanes>(node_.lanes());
  service_ =
      std::make_unique<Service>(*lanes_, services, node_.clock(), node_.random(),
                                [this](const std::string& line) { warnings.push_back(line); });
}

StackFixture::~StackFixture() {
  end_runs();
}

// Runs that pause end.
void StackFixture::end_runs() {
  settle();
  service_->stop();
  pass_time();
}

void StackFixture::pass_time() {
  node_.home().advance_us(10'000'000);
  settle();
}

void StackFixture::settle() {
  node_.drive([this] { return service_->engine().is_idle(); });
}

void StackFixture::restart() {
  end_runs();
  service_.reset();
  lanes_.reset();
  node_.restart();
  open();
  CHECK(service_->resume(node_.home()).ok());
  settle();
}

std::string StackFixture::create(const std::string& body, std::vector<api::Parameter> parameters) {
  api::CreateStackInput input;
  input.stack_name = kStackName;
  input.template_body = body;
  input.parameters = std::move(parameters);
  input.capabilities = kCapabilities;
  auto created = run(ops::create_stack, std::move(input));
  if (created) stack_id_ = *created->stack_id;
  settle();
  return created ? "" : created.error().message;
}

std::string StackFixture::update(const std::string& body, std::vector<api::Parameter> parameters) {
  api::UpdateStackInput input;
  input.stack_name = kStackName;
  input.template_body = body;
  input.parameters = std::move(parameters);
  input.capabilities = kCapabilities;
  auto updated = run(ops::update_stack, std::move(input));
  settle();
  return updated ? "" : updated.error().message;
}

void StackFixture::remove() {
  api::DeleteStackInput input;
  input.stack_name = kStackName;
  CHECK(run(ops::delete_stack, std::move(input)).ok());
  settle();
}

void StackFixture::begin_remove() {
  api::DeleteStackInput input;
  input.stack_name = kStackName;
  node_.start<aws::Result<aws::Empty>>(
      ops::delete_stack(*service_, context_, std::move(input)),
      [](const aws::Result<aws::Empty>& removed) { CHECK(removed.ok()); });
}

std::optional<api::Stack> StackFixture::stack() {
  api::DescribeStacksInput input;
  input.stack_name = stack_id_;
  auto described = run(ops::describe_stacks, std::move(input));
  if (!described) return std::nullopt;
  return described->stacks->front();
}

std::string StackFixture::status() {
  const auto found = stack();
  return found ? found->stack_status : "(absent)";
}

std::string StackFixture::status_reason() {
  return stack()->stack_status_reason.value_or("");
}

std::map<std::string, std::string> StackFixture::outputs() {
  std::map<std::string, std::string> values;
  const auto found = stack();
  if (!found || !found->outputs) return values;
  for (const api::Output& output : *found->outputs) {
    values[*output.output_key] = *output.output_value;
  }
  return values;
}

std::vector<api::StackEvent> StackFixture::newest_first() {
  api::DescribeStackEventsInput input;
  input.stack_name = stack_id_;
  auto described = run(ops::describe_stack_events, std::move(input));
  CHECK(described.ok());
  return *described->stack_events;
}

std::vector<std::string> StackFixture::events() {
  std::vector<std::string> lines;
  for (const api::StackEvent& event : newest_first()) {
    const std::string name =
        *event.logical_resource_id == kStackName ? "stack" : *event.logical_resource_id;
    lines.push_back(name + " " + *event.resource_status);
  }
  std::reverse(lines.begin(), lines.end());
  return lines;
}

std::string StackFixture::reason_of(const std::string& logical_id) {
  for (const api::StackEvent& event : newest_first()) {
    if (*event.logical_resource_id == logical_id && event.resource_status_reason) {
      return *event.resource_status_reason;
    }
  }
  return "";
}

std::string StackFixture::physical_id(const std::string& logical_id) {
  api::DescribeStackResourceInput input;
  input.stack_name = stack_id_;
  input.logical_resource_id = logical_id;
  auto described = run(ops::describe_stack_resource, std::move(input));
  CHECK(described.ok());
  return described->stack_resource_detail->physical_resource_id.value_or("");
}

}  // namespace millstream::cloudformation::testing
