"""CloudFormation: templates, stacks and what AWS says about wrong ones."""

import json

import pytest
from botocore.exceptions import ClientError, WaiterError

WAIT = {"Delay": 1, "MaxAttempts": 60}

PIPELINE = """
Parameters:
  Prefix: {Type: String}
  Days: {Type: Number, Default: 3}
  Tone: {Type: String, Default: loud, AllowedValues: [loud, quiet]}
Conditions:
  Loud: !Equals [!Ref Tone, loud]
Resources:
  Stream:
    Type: AWS::Kinesis::Stream
    Properties: {Name: !Sub "${Prefix}-stream", ShardCount: 2}
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Sub "${Prefix}-table"
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
  Log:
    Type: AWS::Logs::LogGroup
    Condition: Loud
    Properties: {LogGroupName: !Sub "/${Prefix}/log", RetentionInDays: !Ref Days}
  Generated:
    Type: AWS::Kinesis::Stream
    DependsOn: Table
    Properties: {ShardCount: 1}
Outputs:
  StreamArn: {Value: !GetAtt Stream.Arn, Description: where records go}
  Generated: {Value: !Ref Generated}
"""


def parameters(**values):
    return [{"ParameterKey": key, "ParameterValue": str(value)} for key, value in values.items()]


def stack_of(cloudformation, name):
    return cloudformation.describe_stacks(StackName=name)["Stacks"][0]


def outputs_of(stack):
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


@pytest.fixture
def cloudformation(client):
    return client("cloudformation")


@pytest.fixture
def stack_name(cloudformation, unique_name):
    name = unique_name("stack")
    yield name
    cloudformation.delete_stack(StackName=name)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig=WAIT)


def create(cloudformation, name, body, **options):
    stack_id = cloudformation.create_stack(StackName=name, TemplateBody=body, **options)["StackId"]
    cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig=WAIT)
    return stack_id


def refused(call, **arguments):
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return caught.value.response["Error"]


def test_a_stack_is_made_updated_and_deleted(cloudformation, client, stack_name):
    stack_id = create(cloudformation, stack_name, PIPELINE, Parameters=parameters(Prefix=stack_name),
                      Tags=[{"Key": "team", "Value": "flights"}])
    stack = stack_of(cloudformation, stack_name)
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    assert stack["StackId"] == stack_id
    assert stack["Tags"] == [{"Key": "team", "Value": "flights"}]
    outputs = outputs_of(stack)
    summary = client("kinesis").describe_stream_summary(StreamName=f"{stack_name}-stream")
    assert outputs["StreamArn"] == summary["StreamDescriptionSummary"]["StreamARN"]
    assert summary["StreamDescriptionSummary"]["OpenShardCount"] == 2
    assert outputs["Generated"].startswith(f"{stack_name}-Generated-")

    resources = cloudformation.describe_stack_resources(StackName=stack_name)["StackResources"]
    assert {r["LogicalResourceId"] for r in resources} == {"Stream", "Table", "Log", "Generated"}
    assert {r["ResourceStatus"] for r in resources} == {"CREATE_COMPLETE"}
    events = cloudformation.describe_stack_events(StackName=stack_name)["StackEvents"]
    assert events[0]["ResourceStatus"] == "CREATE_COMPLETE"
    assert events[0]["ResourceType"] == "AWS::CloudFormation::Stack"
    assert events[-1]["ResourceStatusReason"] == "User Initiated"

    cloudformation.update_stack(StackName=stack_name, UsePreviousTemplate=True, Parameters=[
        {"ParameterKey": "Prefix", "UsePreviousValue": True}, *parameters(Days=7)])
    cloudformation.get_waiter("stack_update_complete").wait(StackName=stack_name, WaiterConfig=WAIT)
    groups = client("logs").describe_log_groups(logGroupNamePrefix=f"/{stack_name}/")["logGroups"]
    assert groups[0]["retentionInDays"] == 7

    cloudformation.delete_stack(StackName=stack_name)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=stack_name, WaiterConfig=WAIT)
    assert stack_of(cloudformation, stack_id)["StackStatus"] == "DELETE_COMPLETE"
    assert f"{stack_name}-table" not in client("dynamodb").list_tables()["TableNames"]
    error = refused(cloudformation.describe_stacks, StackName=stack_name)
    assert error["Code"] == "ValidationError"
    assert error["Message"] == f"Stack with id {stack_name} does not exist"


def test_a_condition_that_fails_leaves_its_resource_out(cloudformation, stack_name):
    create(cloudformation, stack_name, PIPELINE,
           Parameters=parameters(Prefix=stack_name, Tone="quiet"))
    listed = cloudformation.list_stack_resources(StackName=stack_name)["StackResourceSummaries"]
    assert "Log" not in {resource["LogicalResourceId"] for resource in listed}


def test_a_failure_rolls_back_and_says_why(cloudformation, client, stack_name):
    kinesis = client("kinesis")
    kinesis.create_stream(StreamName=f"{stack_name}-stream", ShardCount=1)
    stack_id = cloudformation.create_stack(StackName=stack_name, TemplateBody=PIPELINE,
                                           Parameters=parameters(Prefix=stack_name))["StackId"]
    with pytest.raises(WaiterError):
        cloudformation.get_waiter("stack_create_complete").wait(StackName=stack_name,
                                                                WaiterConfig=WAIT)
    events = cloudformation.describe_stack_events(StackName=stack_id)["StackEvents"]
    failed = [event for event in events if event["ResourceStatus"] == "CREATE_FAILED"]
    assert failed[0]["LogicalResourceId"] == "Stream"
    assert "already exists" in failed[0]["ResourceStatusReason"]
    assert "HandlerErrorCode: AlreadyExists" in failed[0]["ResourceStatusReason"]
    assert f"{stack_name}-table" not in client("dynamodb").list_tables()["TableNames"]
    kinesis.delete_stream(StreamName=f"{stack_name}-stream")


def test_no_update_is_to_be_performed(cloudformation, stack_name):
    create(cloudformation, stack_name, PIPELINE, Parameters=parameters(Prefix=stack_name))
    error = refused(cloudformation.update_stack, StackName=stack_name, TemplateBody=PIPELINE,
                    Parameters=parameters(Prefix=stack_name))
    assert (error["Code"], error["Message"]) == ("ValidationError",
                                                 "No updates are to be performed.")


def test_a_change_set_tells_before_it_does(cloudformation, client, stack_name):
    create(cloudformation, stack_name, PIPELINE, Parameters=parameters(Prefix=stack_name))
    made = cloudformation.create_change_set(
        StackName=stack_name, ChangeSetName="rename", UsePreviousTemplate=True,
        Parameters=parameters(Prefix=f"{stack_name}-new"))
    cloudformation.get_waiter("change_set_create_complete").wait(
        ChangeSetName=made["Id"], WaiterConfig=WAIT)
    described = cloudformation.describe_change_set(ChangeSetName=made["Id"])
    changes = {change["ResourceChange"]["LogicalResourceId"]: change["ResourceChange"]
               for change in described["Changes"]}
    assert changes["Stream"]["Replacement"] == "True"
    assert "Generated" not in changes
    cloudformation.execute_change_set(ChangeSetName=made["Id"])
    cloudformation.get_waiter("stack_update_complete").wait(StackName=stack_name, WaiterConfig=WAIT)
    streams = client("kinesis").list_streams()["StreamNames"]
    assert f"{stack_name}-new-stream" in streams and f"{stack_name}-stream" not in streams


def test_an_empty_change_set_fails(cloudformation, stack_name):
    create(cloudformation, stack_name, PIPELINE, Parameters=parameters(Prefix=stack_name))
    cloudformation.create_change_set(
        StackName=stack_name, ChangeSetName="nothing", TemplateBody=PIPELINE,
        Parameters=parameters(Prefix=stack_name))
    described = cloudformation.describe_change_set(StackName=stack_name, ChangeSetName="nothing")
    assert described["Status"] == "FAILED"
    assert described["StatusReason"].startswith("The submitted information didn't contain changes.")
    listed = cloudformation.list_change_sets(StackName=stack_name)["Summaries"]
    assert [summary["ChangeSetName"] for summary in listed] == ["nothing"]
    cloudformation.delete_change_set(StackName=stack_name, ChangeSetName="nothing")
    error = refused(cloudformation.describe_change_set, StackName=stack_name,
                    ChangeSetName="nothing")
    assert error["Code"] == "ChangeSetNotFound"


def test_templates_come_back_as_they_went_in(cloudformation, stack_name):
    body = json.dumps({"Resources": {"S": {"Type": "AWS::Kinesis::Stream",
                                           "Properties": {"ShardCount": "1"}}}})
    create(cloudformation, stack_name, body)
    assert cloudformation.get_template(StackName=stack_name)["TemplateBody"] == json.loads(body)
    summary = cloudformation.get_template_summary(StackName=stack_name)
    assert summary["ResourceTypes"] == ["AWS::Kinesis::Stream"]


def test_a_name_is_taken_once(cloudformation, stack_name):
    create(cloudformation, stack_name, PIPELINE, Parameters=parameters(Prefix=stack_name))
    error = refused(cloudformation.create_stack, StackName=stack_name, TemplateBody=PIPELINE,
                    Parameters=parameters(Prefix=stack_name))
    assert error["Code"] == "AlreadyExistsException"
    assert error["Message"] == f"Stack [{stack_name}] already exists"


ROLE = {"Resources": {"R": {"Type": "AWS::IAM::Role",
                            "Properties": {"AssumeRolePolicyDocument": {}}}}}


def test_iam_resources_need_a_capability(cloudformation, unique_name):
    error = refused(cloudformation.create_stack, StackName=unique_name(),
                    TemplateBody=json.dumps(ROLE))
    assert error["Code"] == "InsufficientCapabilitiesException"
    assert error["Message"] == "Requires capabilities : [CAPABILITY_IAM]"
    answer = cloudformation.validate_template(TemplateBody=json.dumps(ROLE))
    assert answer["Capabilities"] == ["CAPABILITY_IAM"]
    assert "AWS::IAM::Role" in answer["CapabilitiesReason"]


STREAM = "{Type: AWS::Kinesis::Stream}"


@pytest.mark.parametrize("body, message", [
    ("[]", "Template format error: unsupported structure."),
    ("{}", "Template format error: At least one Resources member must be defined."),
    ("Resources: {A: !Ref", "Template format error: YAML not well-formed."),
    ('{"Resources": ', "Template format error: JSON not well-formed."),
    ("Resources: {A: {Type: AWS::Nothing::Here}}",
     "Template format error: Unrecognized resource types: [AWS::Nothing::Here]"),
    (f"Resources: {{A: {STREAM}}}\nOutputs: {{O: {{Value: !Ref B}}}}",
     "Template format error: Unresolved resource dependencies [B] in the Outputs block of the "
     "template"),
    ("Resources: {A: {Type: AWS::Kinesis::Stream, Properties: {Name: !GetAtt B.Arn}}}",
     "Template error: instance of Fn::GetAtt references undefined resource B"),
    ("Resources: {A: {Type: AWS::Kinesis::Stream, DependsOn: B}, "
     "B: {Type: AWS::Kinesis::Stream, DependsOn: A}}",
     "Circular dependency between resources: [A, B]"),
])
def test_wrong_templates_are_refused(cloudformation, unique_name, body, message):
    error = refused(cloudformation.create_stack, StackName=unique_name(), TemplateBody=body)
    assert error["Code"] == "ValidationError"
    assert error["Message"].startswith(message)


@pytest.mark.parametrize("values, message", [
    ({}, "Parameters: [Prefix] must have values"),
    ({"Prefix": "a", "Other": "b"}, "Parameters: [Other] do not exist in the template"),
    ({"Prefix": "a", "Days": "many"}, "Parameter 'Days' must be a number"),
    ({"Prefix": "a", "Tone": "shrill"}, "Parameter 'Tone' must be one of AllowedValues"),
])
def test_wrong_parameters_are_refused(cloudformation, unique_name, values, message):
    error = refused(cloudformation.create_stack, StackName=unique_name(), TemplateBody=PIPELINE,
                    Parameters=parameters(**values))
    assert (error["Code"], error["Message"]) == ("ValidationError", message)


@pytest.mark.parametrize("operation, arguments, message", [
    ("update_stack", {"TemplateBody": PIPELINE}, "Stack [{}] does not exist"),
    ("describe_stack_events", {}, "Stack [{}] does not exist"),
    ("describe_stack_resources", {}, "Stack with id {} does not exist"),
    ("list_stack_resources", {}, "Stack with id {} does not exist"),
    ("get_template", {}, "Stack with id {} does not exist"),
])
def test_an_absent_stack_is_named(cloudformation, unique_name, operation, arguments, message):
    name = unique_name()
    error = refused(getattr(cloudformation, operation), StackName=name, **arguments)
    assert (error["Code"], error["Message"]) == ("ValidationError", message.format(name))
