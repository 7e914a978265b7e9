#include <algorithm>

#include "services/cloudformation/resources/type.h"
#include "services/cloudformation/template/json.h"
#include "services/cloudformation/testing/fake_services.h"

namespace millstream::cloudformation::testing {
namespace {

Value map_of(std::vector<std::pair<std::string, Value>> members) {
  Value map = Value::map();
  for (auto& [name, value] : members) map.set(name, std::move(value));
  return map;
}

// How the operations on a kind of resource name it.
struct Kind {
  std::string kind;
  std::string name_member;
  std::vector<std::string> creates, describes, deletes, updates;
};
const std::vector<Kind>& kinds() {
  static const std::vector<Kind> kKinds = {
      {"kinesis", "StreamName", {"CreateStream"}, {"DescribeStreamSummary"}, {"DeleteStream"}, {}},
      {"dynamodb", "TableName", {"CreateTable"}, {"DescribeTable"}, {"DeleteTable"}, {}},
      {"logs",
       "logGroupName",
       {"CreateLogGroup"},
       {},
       {"DeleteLogGroup"},
       {"PutRetentionPolicy", "DeleteRetentionPolicy"}},
      {"iam",
       "RoleName",
       {"CreateRole"},
       {"GetRole"},
       {"DeleteRole"},
       {"PutRolePolicy", "DeleteRolePolicy", "UpdateAssumeRolePolicy", "UpdateRole"}},
      {"lambda",
       "FunctionName",
       {"CreateFunction"},
       {"GetFunctionConfiguration"},
       {"DeleteFunction"},
       {"UpdateFunctionCode", "UpdateFunctionConfiguration"}}};
  return kKinds;
}

// What a description of any kind of resource holds, in every service's form at once.
Value description_of(const std::string& kind, const std::string& name) {
  const Value arn("arn:fake:" + kind + ":" + name);
  return map_of(
      {{"StreamDescriptionSummary", map_of({{"StreamStatus", "ACTIVE"}, {"StreamARN", arn}})},
       {"Table", map_of({{"TableStatus", "ACTIVE"}, {"TableArn", arn}})},
       {"Role", map_of({{"Arn", arn}, {"RoleId", "AROAFAKE"}})},
       {"FunctionArn", arn},
       {"State", "Active"},
       {"LastUpdateStatus", "Successful"}});
}

bool holds(const std::vector<std::string>& texts, const std::string& text) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

aws::Error absent(const std::string& what) {
  return {"ResourceNotFoundException", 404, what + " not found"};
}

}  // namespace

io::Task<aws::Result<std::string>> FakeServices::call(const aws::RequestContext&,
                                                      std::string service, std::string operation,
                                                      std::string json) {
  const std::string name = service + " " + operation;
  calls.push_back(name);
  if (on_call) on_call(name);
  const auto failure = failures.find(name);
  if (failure != failures.end()) {
    aws::Error error = failure->second;
    failures.erase(failure);
    co_return error;
  }
  auto input = parse_json(json);
  CHECK(input.ok());
  auto output = answer(service, operation, *input);
  if (!output) co_return output.take_error();
  co_return write_json(*output);
}

aws::Result<Value> FakeServices::answer(const std::string& service, const std::string& operation,
                                        const Value& input) {
  if (operation.find("EventSourceMapping") != operation.npos) {
    return answer_mapping(operation, input);
  }
  if (operation == "DescribeLogGroups") return describe_groups(input);
  for (const Kind& kind : kinds()) {
    if (kind.kind != service) continue;
    const std::string name = text_at(input, {kind.name_member});
    if (holds(kind.creates, operation)) return answer_named("create", service, name, input);
    if (holds(kind.describes, operation)) return answer_named("describe", service, name, input);
    if (holds(kind.deletes, operation)) return answer_named("delete", service, name, input);
    if (holds(kind.updates, operation)) return answer_named("update", service, name, input);
  }
  return aws::not_implemented(service, operation);
}

aws::Result<Value> FakeServices::answer_named(const std::string& operation, const std::string& kind,
                                              const std::string& name, const Value& input) {
  const std::string key = kind + "/" + name;
  const bool stands = standing.count(key) > 0;
  if (operation == "create") {
    if (stands) return aws::Error("ResourceAlreadyExistsException", 400, name + " already exists");
    standing[key] = input;
    return Value::map();
  }
  if (!stands) return absent(name);
  if (operation == "delete") standing.erase(key);
  if (operation == "update") {
    for (const Member& member : input.as_map()) standing[key].set(member.name, member.value);
  }
  return operation == "describe" ? description_of(kind, name) : Value::map();
}

aws::Result<Value> FakeServices::answer_mapping(const std::string& operation, const Value& input) {
  if (operation == "ListEventSourceMappings") {
    Value list = Value::list();
    for (const auto& [key, value] : standing) {
      if (!key.starts_with("mapping/")) continue;
      if (text_at(value, {"EventSourceArn"}) != text_at(input, {"EventSourceArn"})) continue;
      list.as_list().push_back(map_of({{"UUID", Value(key.substr(8))}}));
    }
    return map_of({{"EventSourceMappings", list}});
  }
  std::string id = text_at(input, {"UUID"});
  if (operation == "CreateEventSourceMapping") {
    id = "mapping-" + std::to_string(next_mapping_++);
    standing["mapping/" + id] = input;
  }
  const auto found = standing.find("mapping/" + id);
  if (found == standing.end()) return absent(id);
  if (operation == "DeleteEventSourceMapping") standing.erase(found);
  if (operation == "UpdateEventSourceMapping") {
    for (const Member& member : input.as_map()) found->second.set(member.name, member.value);
  }
  return map_of({{"UUID", Value(id)},
                 {"State", "Enabled"},
                 {"EventSourceMappingArn", Value("arn:fake:mapping:" + id)}});
}

aws::Result<Value> FakeServices::describe_groups(const Value& input) const {
  Value groups = Value::list();
  const std::string prefix = "logs/" + text_at(input, {"logGroupNamePrefix"});
  for (const auto& [key, value] : standing) {
    if (!key.starts_with(prefix)) continue;
    groups.as_list().push_back(
        map_of({{"logGroupName", Value(key.substr(5))}, {"arn", Value("arn:fake:" + key + ":*")}}));
  }
  return map_of({{"logGroups", groups}});
}

size_t FakeServices::count(const std::string& call) const {
  return static_cast<size_t>(std::count(calls.begin(), calls.end(), call));
}

}  // namespace millstream::cloudformation::testing
