"""Event source mappings on Kinesis streams: what users do with them through boto3."""

import io
import json
import time
import uuid
import zipfile

import pytest
from botocore.exceptions import ClientError

WAIT_SECONDS_MAX = 60

# Puts what it was called with into the stream that its environment names; fails while a record says
# "fail".
HANDLER = """
import base64, boto3, json, os

kinesis = boto3.client("kinesis")

def handler(event, context):
    records = event["Records"]
    data = [base64.b64decode(record["kinesis"]["data"]).decode() for record in records]
    kinesis.put_record(StreamName=os.environ["SINK"], PartitionKey="calls",
                       Data=json.dumps({"data": data, "first": records[0]}))
    if "fail" in data:
        raise RuntimeError("told to fail")
"""


@pytest.fixture
def kinesis(client):
    return client("kinesis")


@pytest.fixture(name="lambda_")
def lambda_client(client):
    return client("lambda")


@pytest.fixture
def make_stream(kinesis, unique_name):
    """Makes streams that are gone behind the test; gives name and ARN."""
    names = []

    def make(shards=1):
        name = unique_name("stream")
        kinesis.create_stream(StreamName=name, ShardCount=shards)
        kinesis.get_waiter("stream_exists").wait(StreamName=name, WaiterConfig={"Delay": 1})
        names.append(name)
        described = kinesis.describe_stream_summary(StreamName=name)
        return name, described["StreamDescriptionSummary"]["StreamARN"]

    yield make
    for name in names:
        kinesis.delete_stream(StreamName=name)


@pytest.fixture
def sink(kinesis, make_stream):
    """The stream that the function writes to; sink() gives all its calls so far."""
    name, _ = make_stream()

    def calls():
        position = kinesis.get_shard_iterator(
            StreamName=name, ShardId="shardId-000000000000", ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        found = []
        while True:
            page = kinesis.get_records(ShardIterator=position)
            found += [json.loads(record["Data"]) for record in page["Records"]]
            position = page["NextShardIterator"]
            if page["MillisBehindLatest"] == 0:
                return found

    calls.name = name
    return calls


@pytest.fixture
def function(lambda_, client, sink, unique_name):
    """The function's name; on a fresh role."""
    name = unique_name("function")
    role = client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
                       "Principal": {"Service": "lambda.amazonaws.com"}}]}))["Role"]["Arn"]
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("index.py", HANDLER)
    lambda_.create_function(FunctionName=name, Runtime="python3.13", Handler="index.handler",
                            Role=role, Code={"ZipFile": package.getvalue()}, Timeout=30,
                            Environment={"Variables": {"SINK": sink.name}})
    lambda_.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1})
    yield name
    lambda_.delete_function(FunctionName=name)
    client("iam").delete_role(RoleName=name)


@pytest.fixture
def make_mapping(lambda_, function):
    """Makes mappings to the function that are gone behind the test."""
    uuids = []

    def make(arn, **settings):
        settings.setdefault("StartingPosition", "TRIM_HORIZON")
        settings.setdefault("FunctionName", function)
        made = lambda_.create_event_source_mapping(EventSourceArn=arn, **settings)
        uuids.append(made["UUID"])
        return made

    yield make
    for mapping in uuids:
        try:
            lambda_.delete_event_source_mapping(UUID=mapping)
        except ClientError as error:
            assert error.response["Error"]["Code"] == "ResourceNotFoundException"


def put(kinesis, stream, *data):
    for text in data:
        kinesis.put_record(StreamName=stream, Data=text, PartitionKey="k")


def until(condition):
    """Waits until the condition gives something that counts as true, and returns it."""
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while True:
        found = condition()
        if found:
            return found
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.05)


def error_of(call, **arguments):
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return caught.value.response["Error"]


def delivered(sink):
    return [text for call in sink() for text in call["data"]]


def test_a_new_mapping_is_described_with_its_defaults(lambda_, make_stream, make_mapping, function):
    _, arn = make_stream()
    made = make_mapping(arn)
    assert made["State"] == "Creating"
    assert made["BatchSize"] == 100
    assert made["MaximumBatchingWindowInSeconds"] == 0
    assert made["ParallelizationFactor"] == 1
    assert made["MaximumRetryAttempts"] == -1
    assert made["MaximumRecordAgeInSeconds"] == -1
    assert made["BisectBatchOnFunctionError"] is False
    assert made["StartingPosition"] == "TRIM_HORIZON"
    assert made["EventSourceArn"] == arn
    assert made["FunctionArn"].endswith(f":function:{function}")
    assert made["LastProcessingResult"] == "No records processed"
    assert made["ResponseMetadata"]["HTTPStatusCode"] == 202
    mapping = until(lambda: described_as(lambda_, made["UUID"], "Enabled"))
    assert mapping["EventSourceMappingArn"].endswith(f":event-source-mapping:{made['UUID']}")


def described_as(lambda_, mapping, state):
    described = lambda_.get_event_source_mapping(UUID=mapping)
    return described if described["State"] == state else None


def test_records_reach_the_function_in_order_and_in_the_documented_shape(
        kinesis, lambda_, make_stream, make_mapping, sink):
    stream, arn = make_stream()
    put(kinesis, stream, "one", "two")
    made = make_mapping(arn)
    until(lambda: delivered(sink) == ["one", "two"])
    put(kinesis, stream, "three")
    until(lambda: delivered(sink) == ["one", "two", "three"])
    record = sink()[0]["first"]
    assert record["eventSource"] == "aws:kinesis"
    assert record["eventName"] == "aws:kinesis:record"
    assert record["eventVersion"] == "1.0"
    assert record["eventSourceARN"] == arn
    assert record["eventID"] == f"shardId-000000000000:{record['kinesis']['sequenceNumber']}"
    assert record["kinesis"]["partitionKey"] == "k"
    assert record["kinesis"]["kinesisSchemaVersion"] == "1.0"
    assert abs(record["kinesis"]["approximateArrivalTimestamp"] - time.time()) < 600
    until(lambda: lambda_.get_event_source_mapping(UUID=made["UUID"])["LastProcessingResult"] == "OK")


def test_latest_misses_nothing_that_is_put_after_the_creation(kinesis, make_stream, make_mapping,
                                                              sink, function):
    stream, arn = make_stream()
    put(kinesis, stream, "before")
    make_mapping(arn, StartingPosition="LATEST")
    put(kinesis, stream, "after")
    until(lambda: delivered(sink) == ["after"])


def test_batches_are_as_large_as_asked_for(kinesis, make_stream, make_mapping, sink):
    stream, arn = make_stream()
    put(kinesis, stream, *"abcde")
    make_mapping(arn, BatchSize=2)
    until(lambda: delivered(sink) == list("abcde"))
    assert [len(call["data"]) for call in sink()] == [2, 2, 1]


def test_a_failing_batch_is_tried_again_and_given_up_after_its_retries(
        kinesis, lambda_, make_stream, make_mapping, sink):
    stream, arn = make_stream()
    made = make_mapping(arn, BatchSize=1, MaximumRetryAttempts=1)
    put(kinesis, stream, "fail")
    until(lambda: lambda_.get_event_source_mapping(UUID=made["UUID"])["LastProcessingResult"]
          == "PROBLEM: Function call failed")
    put(kinesis, stream, "fine")
    until(lambda: delivered(sink) == ["fail", "fail", "fine"])
    until(lambda: lambda_.get_event_source_mapping(UUID=made["UUID"])["LastProcessingResult"] == "OK")


def test_a_mapping_follows_splits_and_merges(kinesis, make_stream, make_mapping, sink):
    stream, arn = make_stream()
    make_mapping(arn)
    active = kinesis.get_waiter("stream_exists")
    put(kinesis, stream, "one")
    kinesis.split_shard(StreamName=stream, ShardToSplit="shardId-000000000000",
                        NewStartingHashKey=str(2**127))
    active.wait(StreamName=stream, WaiterConfig={"Delay": 1})
    put(kinesis, stream, "two")
    kinesis.merge_shards(StreamName=stream, ShardToMerge="shardId-000000000001",
                         AdjacentShardToMerge="shardId-000000000002")
    active.wait(StreamName=stream, WaiterConfig={"Delay": 1})
    put(kinesis, stream, "three")
    # The records of one key, in their order, out of three shards.
    until(lambda: delivered(sink) == ["one", "two", "three"])


def test_a_disabled_mapping_waits_and_goes_on_where_it_was(kinesis, lambda_, make_stream,
                                                           make_mapping, sink):
    stream, arn = make_stream()
    made = make_mapping(arn)
    put(kinesis, stream, "one")
    until(lambda: delivered(sink) == ["one"])
    changed = lambda_.update_event_source_mapping(UUID=made["UUID"], Enabled=False)
    assert changed["State"] == "Disabling"
    until(lambda: described_as(lambda_, made["UUID"], "Disabled"))
    put(kinesis, stream, "two")
    changed = lambda_.update_event_source_mapping(UUID=made["UUID"], Enabled=True, BatchSize=7)
    assert changed["State"] == "Enabling"
    assert changed["BatchSize"] == 7
    until(lambda: delivered(sink) == ["one", "two"])


def test_a_deleted_mapping_is_gone(kinesis, lambda_, make_stream, make_mapping):
    _, arn = make_stream()
    made = make_mapping(arn)
    until(lambda: described_as(lambda_, made["UUID"], "Enabled"))
    assert lambda_.delete_event_source_mapping(UUID=made["UUID"])["State"] == "Deleting"

    def gone():
        try:
            return lambda_.get_event_source_mapping(UUID=made["UUID"])["State"] != "Deleting"
        except ClientError as error:
            return error.response["Error"]["Code"] == "ResourceNotFoundException"

    assert until(gone)


def test_mappings_are_listed_by_function_and_source(lambda_, make_stream, make_mapping, function):
    arns = [make_stream()[1] for _ in range(2)]
    for arn in arns:
        make_mapping(arn)
    listed = lambda_.list_event_source_mappings(FunctionName=function)["EventSourceMappings"]
    assert sorted(mapping["EventSourceArn"] for mapping in listed) == sorted(arns)
    listed = lambda_.list_event_source_mappings(EventSourceArn=arns[0])["EventSourceMappings"]
    assert [mapping["EventSourceArn"] for mapping in listed] == [arns[0]]
    first = lambda_.list_event_source_mappings(FunctionName=function, MaxItems=1)
    assert len(first["EventSourceMappings"]) == 1
    second = lambda_.list_event_source_mappings(FunctionName=function, MaxItems=1,
                                                Marker=first["NextMarker"])
    assert len(second["EventSourceMappings"]) == 1
    assert "NextMarker" not in second


def test_one_function_reads_a_stream_once(lambda_, make_stream, make_mapping, function):
    _, arn = make_stream()
    made = make_mapping(arn)
    error = error_of(lambda_.create_event_source_mapping, EventSourceArn=arn, FunctionName=function,
                     StartingPosition="LATEST")
    assert error["Code"] == "ResourceConflictException"
    assert made["UUID"] in error["Message"]
    assert "Please update or delete the existing mapping" in error["Message"]


def test_what_is_missing_is_refused(lambda_, make_stream, function):
    _, arn = make_stream()
    create = lambda_.create_event_source_mapping
    error = error_of(create, EventSourceArn=arn, FunctionName="no-such-function",
                     StartingPosition="LATEST")
    assert (error["Code"], error["Message"]) == ("InvalidParameterValueException",
                                                 "Function does not exist")
    error = error_of(create, EventSourceArn=arn, FunctionName=function)
    assert error["Code"] == "InvalidParameterValueException"
    assert "startingPosition" in error["Message"]
    error = error_of(create, FunctionName=function, StartingPosition="LATEST")
    assert (error["Code"], error["Message"]) == ("InvalidParameterValueException",
                                                 "Unrecognized event source.")
    error = error_of(create, EventSourceArn=arn + "-not-there", FunctionName=function,
                     StartingPosition="LATEST")
    assert error["Code"] == "InvalidParameterValueException"
    error = error_of(create, EventSourceArn=arn, FunctionName=function, BatchSize=10001,
                     StartingPosition="LATEST")
    assert error["Code"] == "ValidationException"
    missing = str(uuid.uuid4())
    for call in (lambda_.get_event_source_mapping, lambda_.delete_event_source_mapping,
                 lambda_.update_event_source_mapping):
        error = error_of(call, UUID=missing)
        assert (error["Code"], error["Message"]) == (
            "ResourceNotFoundException", "The resource you requested does not exist.")


@pytest.mark.local
@pytest.mark.parametrize("name, value", [
    ("ParallelizationFactor", 2),
    ("BisectBatchOnFunctionError", True),
    ("TumblingWindowInSeconds", 10),
    ("FunctionResponseTypes", ["ReportBatchItemFailures"]),
    ("FilterCriteria", {"Filters": [{"Pattern": "{}"}]}),
    ("DestinationConfig", {"OnFailure": {"Destination": "arn:aws:sqs:us-east-1:000000000000:q"}}),
])
def test_what_is_not_built_is_refused_by_name(lambda_, make_stream, function, name, value):
    _, arn = make_stream()
    error = error_of(lambda_.create_event_source_mapping, EventSourceArn=arn, FunctionName=function,
                     StartingPosition="LATEST", **{name: value})
    assert name in error["Message"]
