"""The real aws command: deploy and delete a stack, follow a log."""

import pathlib
import shutil
import subprocess
import time

import pytest

FLIGHTS = pathlib.Path(__file__).resolve().parents[2] / "examples/flights/template.yaml"
FOLLOW_SECONDS_MAX = 30

TEMPLATE = """
Parameters:
  Name: {Type: String}
Resources:
  Stream:
    Type: AWS::Kinesis::Stream
    Properties: {Name: !Sub "${Name}-stream", ShardCount: 2}
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Sub "${Name}-table"
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
Outputs:
  StreamArn: {Value: !GetAtt Stream.Arn}
"""


def wait_for_second_after(second):
    """The command names a change set by the second, so two within one would share a name: a
    deployment here can be over before the second is."""
    while int(time.time()) <= second:
        time.sleep(0.01)


def test_deploy_again_and_delete(aws, client, unique_name, tmp_path):
    name = unique_name("cli")
    template = tmp_path / "template.yaml"
    template.write_text(TEMPLATE, encoding="utf-8")
    deploy = ("cloudformation", "deploy", "--stack-name", name, "--template-file", str(template),
              "--parameter-overrides", f"Name={name}")
    aws(*deploy)
    deployed_second = int(time.time())
    stack = aws("cloudformation", "describe-stacks", "--stack-name", name)["Stacks"][0]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    assert stack["Outputs"][0]["OutputValue"].endswith(f":stream/{name}-stream")
    assert f"{name}-table" in client("dynamodb").list_tables()["TableNames"]

    wait_for_second_after(deployed_second)
    refused = aws(*deploy, "--fail-on-empty-changeset", fails=True)
    assert "No changes to deploy" in refused

    aws("cloudformation", "delete-stack", "--stack-name", name)
    aws("cloudformation", "wait", "stack-delete-complete", "--stack-name", name)
    assert f"{name}-table" not in client("dynamodb").list_tables()["TableNames"]
    assert "does not exist" in aws("cloudformation", "describe-stacks", "--stack-name", name,
                                   fails=True)


def test_the_samples_template_is_valid(aws):
    answer = aws("cloudformation", "validate-template", "--template-body", f"file://{FLIGHTS}")
    assert [parameter["ParameterKey"] for parameter in answer["Parameters"]] == ["Shards"]
    assert answer["Capabilities"] == ["CAPABILITY_IAM"]


def test_put_and_get(aws, client, unique_name):
    name = unique_name("cli")
    aws("kinesis", "create-stream", "--stream-name", name, "--shard-count", "1")
    put = aws("kinesis", "put-record", "--stream-name", name, "--partition-key", "k",
              "--data", "hello")
    iterator = aws("kinesis", "get-shard-iterator", "--stream-name", name, "--shard-id",
                   put["ShardId"], "--shard-iterator-type", "TRIM_HORIZON")["ShardIterator"]
    records = aws("kinesis", "get-records", "--shard-iterator", iterator)["Records"]
    assert [record["SequenceNumber"] for record in records] == [put["SequenceNumber"]]
    aws("kinesis", "delete-stream", "--stream-name", name)


@pytest.mark.skipif(not shutil.which("aws", path="/usr/bin"),
                    reason="version 2 of the aws command isn't installed")
def test_logs_tail_follow(environment, endpoint, client, unique_name):
    """`aws logs tail` is in version 2 of the command only: Debian's."""
    logs = client("logs")
    group = unique_name("tail")
    logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    put_one(logs, group, "before")
    # Debian's release is older than AWS_ENDPOINT_URL.
    where = ["--endpoint-url", endpoint] if endpoint else []
    following = subprocess.Popen(
        ["/usr/bin/aws", *where, "logs", "tail", group, "--follow", "--format", "short"],
        env=dict(environment, PYTHONUNBUFFERED="1"), stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True)
    try:
        assert "before" in read_line(following)
        put_one(logs, group, "after")
        assert "after" in read_line(following)
    finally:
        following.terminate()
        following.wait(FOLLOW_SECONDS_MAX)
        logs.delete_log_group(logGroupName=group)


def put_one(logs, group, message):
    logs.put_log_events(logGroupName=group, logStreamName="s", logEvents=[
        {"timestamp": int(time.time() * 1000), "message": message}])


def read_line(process):
    line = process.stdout.readline()
    assert line, "the command ended"
    return line
