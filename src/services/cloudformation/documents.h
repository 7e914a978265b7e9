#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "services/cloudformation/address.h"
#include "services/cloudformation/template/parameters.h"
#include "services/cloudformation/template/value.h"

namespace millstream::cloudformation {

using Tags = std::vector<std::pair<std::string, std::string>>;  // key, value

struct StackOutput {
  std::string key;
  std::string value;
  std::string description;
  std::string export_name;  // empty when it isn't exported
  bool operator==(const StackOutput&) const = default;
};

// What a request says about a stack beside its template, and what a rollback brings back.
struct StackSettings {
  ParameterTexts parameters;
  std::vector<std::string> hidden_parameters;  // those with NoEcho
  Tags tags;
  std::vector<std::string> capabilities;
  std::string description;  // the template's
  std::string role_arn;
  bool operator==(const StackSettings&) const = default;
};

// What a stack is busy with, or was busy with last. A new one is drawn for every operation.
struct Operation {
  std::string id;            // a UUID
  std::string client_token;  // empty when the caller gave none
  std::string kind;          // "create", "update", "delete"
  std::string principal_arn;
  bool disable_rollback = false;
  bool delete_on_failure = false;
  int64_t deadline_ms = 0;  // 0: none
  std::vector<std::string> retain_resources;
  std::optional<StackSettings> previous;  // of an update
};

// A stack, as it is stored.
struct StackDocument {
  StackAddress address;
  std::string status;
  std::string status_reason;
  int64_t creation_ms = 0;
  int64_t last_updated_ms = 0;  // 0: never
  int64_t deletion_ms = 0;      // 0: not deleted
  StackSettings settings;
  bool disable_rollback = false;
  bool termination_protection = false;
  int32_t timeout_minutes = 0;  // 0: none
  std::string change_set_id;    // the one executed last
  std::vector<StackOutput> outputs;
  std::vector<std::string> imports;  // names of other stacks' exports in use
  Operation operation;
  uint64_t next_event = 1;
};

// A physical resource as it stands.
struct PhysicalResource {
  std::string id;
  Value properties = Value::map();  // as they were given to it
  Value attributes = Value::map();  // what Fn::GetAtt gives
};

// A call that was decided on; kept until its outcome is stored.
struct PendingCall {
  std::string action;       // "create", "update", "delete"
  std::string token;        // tells this call from every other
  PhysicalResource target;  // create: the name it will have, if it has one before it stands
};

struct ResourceDocument {
  std::string name;  // the logical identifier
  std::string type;
  std::string status;
  std::string status_reason;
  int64_t timestamp_ms = 0;
  std::string operation_id;  // the operation that touched it last
  std::optional<PhysicalResource> current;
  std::optional<PhysicalResource> before;   // when the operation under way found another one
  std::vector<PhysicalResource> leftovers;  // to be deleted when the operation cleans up
  std::optional<PendingCall> pending;
  std::vector<std::string> depends_on;
  std::string deletion_policy;
  std::string update_replace_policy;
  Value metadata;
};

struct EventDocument {
  std::string id;
  std::string logical_id;
  std::string physical_id;
  std::string type;
  std::string status;
  std::string status_reason;
  std::string properties;  // JSON, or empty
  std::string client_token;
  std::string operation_id;
  int64_t timestamp_ms = 0;
};

struct ChangeSetDocument {
  std::string name;
  std::string unique;
  std::string description;
  std::string type;  // CREATE or UPDATE
  std::string status;
  std::string status_reason;
  std::string execution_status;
  std::string client_token;
  std::string on_stack_failure;  // empty when it wasn't given
  int64_t creation_ms = 0;
  StackSettings settings;
  std::string template_body;
  Value changes = Value::list();  // in the form of DescribeChangeSet's Changes
};

// JSON with a version (docs/formats/state/cloudformation.md).
std::string encode(const StackDocument& document);
std::string encode(const ResourceDocument& document);
std::string encode(const EventDocument& document);
std::string encode(const ChangeSetDocument& document);
// Fail with kCorruption when `text` isn't such a document of a version known here.
Result<StackDocument> decode_stack(std::string_view text);
Result<ResourceDocument> decode_resource(std::string_view text);
Result<EventDocument> decode_event(std::string_view text);
Result<ChangeSetDocument> decode_change_set(std::string_view text);

}  // namespace millstream::cloudformation
