#include "base/base64.h"
#include "services/cloudformation/resources/registry.h"
#include "services/cloudformation/resources/tags.h"
#include "services/cloudformation/resources/zip.h"
#include "services/cloudformation/template/template.h"

namespace millstream::cloudformation {
namespace {

constexpr Property kCodeMembers[] = {
    {.name = "ZipFile", .kind = PropertyKind::kText, .required = true}};
constexpr Property kEnvironmentMembers[] = {{.name = "Variables", .kind = PropertyKind::kTextMap}};
constexpr Property kProperties[] = {
    {.name = "FunctionName", .kind = PropertyKind::kText, .on_change = OnChange::kReplace},
    {.name = "Code", .kind = PropertyKind::kObject, .required = true, .members = kCodeMembers},
    {.name = "Runtime", .kind = PropertyKind::kText, .required = true},
    {.name = "Handler", .kind = PropertyKind::kText, .required = true},
    {.name = "Role", .kind = PropertyKind::kText, .required = true},
    {.name = "Description", .kind = PropertyKind::kText},
    {.name = "Timeout", .kind = PropertyKind::kInteger},
    {.name = "MemorySize", .kind = PropertyKind::kInteger},
    {.name = "Environment", .kind = PropertyKind::kObject, .members = kEnvironmentMembers},
    {.name = "Architectures", .kind = PropertyKind::kTextList, .on_change = OnChange::kRefuse},
    {.name = "Tags",
     .kind = PropertyKind::kObjectList,
     .on_change = OnChange::kRefuse,
     .members = kTagMembers}};
constexpr std::string_view kUnsupported[] = {"CapacityProviderConfig",
                                             "CodeSigningConfigArn",
                                             "DeadLetterConfig",
                                             "DurableConfig",
                                             "EphemeralStorage",
                                             "FileSystemConfigs",
                                             "FunctionScalingConfig",
                                             "ImageConfig",
                                             "KmsKeyArn",
                                             "Layers",
                                             "LoggingConfig",
                                             "PackageType",
                                             "PublishToLatestPublished",
                                             "RecursiveLoop",
                                             "ReservedConcurrentExecutions",
                                             "RuntimeManagementConfig",
                                             "SnapStart",
                                             "TenancyConfig",
                                             "TracingConfig",
                                             "VpcConfig"};
constexpr std::string_view kAttributes[] = {"Arn"};
constexpr TypeDescription kDescription = {.name = "AWS::Lambda::Function",
                                          .schema = {kProperties, kUnsupported},
                                          .attributes = kAttributes,
                                          .name_property = "FunctionName",
                                          .name_length_max = 64};

Value function_name(const std::string& name) {
  Value input = Value::map();
  input.set("FunctionName", Value(name));
  return input;
}

// The archive that inline code becomes, in base64.
aws::Result<std::string> code_archive(const Value& properties) {
  const bool is_python = properties.find("Runtime")->as_string().starts_with("python");
  auto archive = zip_one_file(is_python ? "index.py" : "index.js",
                              properties.find("Code")->find("ZipFile")->as_string());
  if (!archive) return aws::Error(archive.take_error());
  return base64_encode(*archive);
}

// The members that CreateFunction and UpdateFunctionConfiguration share. What a template leaves out
// is set to Lambda's default, so that an update takes it back.
Value configuration(const Value& properties) {
  Value input = pick(properties, {"FunctionName", "Runtime", "Handler", "Role", "Description",
                                  "Timeout", "MemorySize", "Environment"});
  if (!input.find("Description")) input.set("Description", Value(""));
  if (!input.find("Timeout")) input.set("Timeout", Value::integer(3));
  if (!input.find("MemorySize")) input.set("MemorySize", Value::integer(128));
  const Value* environment = input.find("Environment");
  if (!environment || !environment->find("Variables")) {
    Value empty = Value::map();
    empty.set("Variables", Value::map());
    input.set("Environment", std::move(empty));
  }
  return input;
}

// Waits until nothing is under way with the function; gives its configuration.
io::Task<aws::Result<Value>> settle(ServiceCaller caller, std::string name) {
  for (int i = 0; i < kSettleAttemptsMax; ++i) {
    auto found = co_await caller.call("lambda", "GetFunctionConfiguration", function_name(name));
    if (!found) co_return found.take_error();
    const std::string state = text_at(*found, {"State"});
    const std::string update = text_at(*found, {"LastUpdateStatus"});
    if (state == "Failed" || update == "Failed") {
      co_return aws::Error(
          "GeneralServiceException", 400,
          text_at(*found, {state == "Failed" ? "StateReason" : "LastUpdateStatusReason"}));
    }
    if (state != "Pending" && update != "InProgress") co_return found.take();
    co_await io::sleep_for(caller.context->home, kSettleIntervalUs);
  }
  co_return not_settled("Function " + name);
}

class LambdaFunction final : public ResourceType {
 public:
  [[nodiscard]] const TypeDescription& description() const override { return kDescription; }

  [[nodiscard]] Result<> check(const std::string& resource,
                               const Value& properties) const override {
    const Value& runtime = *properties.find("Runtime");
    if (!runtime.is_string() || runtime.as_string().starts_with("python") ||
        runtime.as_string().starts_with("nodejs")) {
      return {};
    }
    return template_error("Resource " + resource +
                          ": ZipFile can only be used when Runtime is set "
                          "to either of nodejs or python, not " +
                          runtime.as_string());
  }

  io::Task<aws::Result<std::optional<std::string>>> find(ServiceCaller caller,
                                                         Value properties) const override {
    const std::string name = properties.find("FunctionName")->as_string();
    auto found = co_await caller.call("lambda", "GetFunctionConfiguration", function_name(name));
    if (found) co_return std::optional<std::string>(name);
    if (says_absent(found.error())) co_return std::optional<std::string>();
    co_return found.take_error();
  }

  io::Task<aws::Result<PhysicalResource>> create(ServiceCaller caller, Value properties,
                                                 bool resumed) const override {
    auto archive = code_archive(properties);
    if (!archive) co_return archive.take_error();
    Value input = configuration(properties);
    Value code = Value::map();
    code.set("ZipFile", Value(archive.take()));
    input.set("Code", std::move(code));
    if (const Value* machines = properties.find("Architectures")) {
      input.set("Architectures", *machines);
    }
    if (const Value* tags = properties.find("Tags")) input.set("Tags", tag_map(*tags));
    auto made = co_await caller.call("lambda", "CreateFunction", std::move(input));
    if (!made && !(resumed && says_exists(made.error()))) co_return made.take_error();
    const std::string name = properties.find("FunctionName")->as_string();
    auto settled = co_await settle(caller, name);
    if (!settled) co_return settled.take_error();
    PhysicalResource function{name, std::move(properties), Value::map()};
    function.attributes.set("Arn", Value(text_at(*settled, {"FunctionArn"})));
    co_return function;
  }

  io::Task<aws::Result<PhysicalResource>> update(ServiceCaller caller, PhysicalResource current,
                                                 Value properties) const override {
    if (!(configuration(properties) == configuration(current.properties))) {
      auto updated =
          co_await caller.call("lambda", "UpdateFunctionConfiguration", configuration(properties));
      if (!updated) co_return updated.take_error();
      auto settled = co_await settle(caller, current.id);
      if (!settled) co_return settled.take_error();
    }
    auto archive = code_archive(properties);
    auto old_archive = code_archive(current.properties);
    if (!archive) co_return archive.take_error();
    if (!old_archive || *archive != *old_archive) {
      Value input = function_name(current.id);
      input.set("ZipFile", Value(archive.take()));
      auto updated = co_await caller.call("lambda", "UpdateFunctionCode", std::move(input));
      if (!updated) co_return updated.take_error();
      auto settled = co_await settle(caller, current.id);
      if (!settled) co_return settled.take_error();
    }
    current.properties = std::move(properties);
    co_return current;
  }

  io::Task<aws::Result<>> remove(ServiceCaller caller, PhysicalResource current) const override {
    auto deleted = co_await caller.call("lambda", "DeleteFunction", function_name(current.id));
    if (!deleted && !says_absent(deleted.error())) co_return deleted.take_error();
    co_return aws::Result<>();
  }
};

}  // namespace

std::unique_ptr<ResourceType> lambda_function() {
  return std::make_unique<LambdaFunction>();
}

}  // namespace millstream::cloudformation
