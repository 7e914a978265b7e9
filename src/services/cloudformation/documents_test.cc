#include "services/cloudformation/documents.h"

#include <gtest/gtest.h>

namespace millstream::cloudformation {
namespace {

StackSettings settings() {
  StackSettings settings;
  settings.parameters = {{"Count", "2"}, {"Name", "a\"b"}};
  settings.hidden_parameters = {"Name"};
  settings.tags = {{"team", "x"}, {"cost", ""}};
  settings.capabilities = {"CAPABILITY_IAM"};
  settings.description = "d";
  settings.role_arn = "r";
  return settings;
}

constexpr std::string_view kSettings =
    R"({"parameters":{"Count":"2","Name":"a\"b"},"hidden_parameters":["Name"],)"
    R"("tags":[["team","x"],["cost",""]],"capabilities":["CAPABILITY_IAM"],)"
    R"("description":"d","role_arn":"r"})";

TEST(Documents, AStackComesBack) {
  StackDocument stack;
  stack.address = {"000000000000", "us-east-1", "s", "u"};
  stack.status = "UPDATE_COMPLETE";
  stack.status_reason = "why";
  stack.creation_ms = 1;
  stack.last_updated_ms = 2;
  stack.deletion_ms = 3;
  stack.settings = settings();
  stack.disable_rollback = true;
  stack.timeout_minutes = 4;
  stack.change_set_id = "c";
  stack.outputs = {{"k", "v", "d", "e"}};
  stack.imports = {"i"};
  stack.operation.id = "o";
  stack.operation.delete_on_failure = true;
  stack.operation.deadline_ms = 5;
  stack.operation.retain_resources = {"R"};
  stack.operation.previous = settings();
  stack.next_event = 6;
  const std::string text =
      R"({"v":1,"stack_id":"arn:aws:cloudformation:us-east-1:000000000000:stack/s/u",)"
      R"("status":"UPDATE_COMPLETE","status_reason":"why","creation_ms":1,"last_updated_ms":2,)"
      R"("deletion_ms":3,"settings":)" +
      std::string(kSettings) +
      R"(,"disable_rollback":true,"termination_protection":false,"timeout_minutes":4,)"
      R"("change_set_id":"c","outputs":[{"key":"k","value":"v","description":"d",)"
      R"("export_name":"e"}],"imports":["i"],"operation":{"id":"o","client_token":"","kind":"",)"
      R"("principal_arn":"","disable_rollback":false,"delete_on_failure":true,"deadline_ms":5,)"
      R"("retain_resources":["R"],"previous":)" +
      std::string(kSettings) + R"(},"next_event":6})";
  EXPECT_EQ(encode(stack), text);
  auto read = decode_stack(text);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->address, stack.address);
  EXPECT_EQ(read->settings, stack.settings);
  EXPECT_EQ(encode(*read), text);
}

TEST(Documents, AResourceComesBack) {
  ResourceDocument resource;
  resource.name = "R";
  resource.type = "AWS::X::Y";
  resource.status = "s";
  resource.timestamp_ms = 7;
  resource.operation_id = "o";
  resource.current.emplace();
  resource.current->id = "i";
  resource.current->properties.set("P", Value::integer(1));
  resource.leftovers.emplace_back().id = "l";
  resource.pending.emplace();
  resource.pending->action = "create";
  resource.pending->token = "t";
  resource.depends_on = {"Q"};
  resource.deletion_policy = "Retain";
  resource.metadata = Value(Value::List{Value("m")});
  const std::string text =
      R"({"v":1,"name":"R","type":"AWS::X::Y","status":"s","status_reason":"","timestamp_ms":7,)"
      R"("operation_id":"o","current":{"id":"i","properties":{"P":1},"attributes":{}},)"
      R"("leftovers":[{"id":"l","properties":{},"attributes":{}}],"pending":{"action":"create",)"
      R"("token":"t","target":{"id":"","properties":{},"attributes":{}}},"depends_on":["Q"],)"
      R"("deletion_policy":"Retain","update_replace_policy":"","metadata":["m"]})";
  EXPECT_EQ(encode(resource), text);
  auto read = decode_resource(text);
  ASSERT_TRUE(read.ok());
  EXPECT_FALSE(read->before.has_value());
  EXPECT_EQ(encode(*read), text);
}

TEST(Documents, AnEventAndAChangeSetComeBack) {
  EventDocument event;
  event.id = "e";
  event.logical_id = "L";
  event.properties = "{}";
  event.timestamp_ms = 8;
  const std::string event_text =
      R"({"v":1,"id":"e","logical_id":"L","physical_id":"","type":"","status":"",)"
      R"("status_reason":"","properties":"{}","client_token":"","operation_id":"",)"
      R"("timestamp_ms":8})";
  EXPECT_EQ(encode(event), event_text);
  EXPECT_EQ(encode(*decode_event(event_text)), event_text);

  ChangeSetDocument change_set;
  change_set.name = "c";
  change_set.settings = settings();
  change_set.creation_ms = 9;
  change_set.changes.as_list().push_back(Value("x"));
  const std::string change_set_text =
      R"({"v":1,"name":"c","unique":"","description":"","type":"","status":"",)"
      R"("status_reason":"","execution_status":"","client_token":"","on_stack_failure":"",)"
      R"("creation_ms":9,"settings":)" +
      std::string(kSettings) + R"(,"template_body":"","changes":["x"]})";
  EXPECT_EQ(encode(change_set), change_set_text);
  EXPECT_EQ(encode(*decode_change_set(change_set_text)), change_set_text);
}

TEST(Documents, RefuseWhatIsNoDocumentOfTheirKind) {
  EXPECT_FALSE(decode_stack("{").ok());
  EXPECT_FALSE(decode_stack(R"({"v":2})").ok());
  EXPECT_FALSE(decode_stack(R"({"v":1,"settings":{},"operation":{}})").ok());
  EXPECT_FALSE(decode_resource(R"({"v":1,"name":"R"})").ok());
  EXPECT_FALSE(decode_change_set(R"({"v":1,"settings":{},"changes":{}})").ok());
}

}  // namespace
}  // namespace millstream::cloudformation
