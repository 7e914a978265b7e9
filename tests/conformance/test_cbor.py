"""CBOR as the Java SDKs send it to Kinesis, spoken raw: named by X-Amz-Target, blobs as byte strings,
points in time as milliseconds under tag 1."""

import json
import time

import cbor2
import pytest

from wire import Connection

pytestmark = [pytest.mark.local, pytest.mark.sanitizers]

TIME_TAG = 1
TARGETS = {"kinesis": ("Kinesis_20131202", "1.1"), "dynamodb": ("DynamoDB_20120810", "1.0"),
           "logs": ("Logs_20140328", "1.1")}


def read(data):
    """Times stay what they are on the wire: cbor2 would make dates of them, in seconds."""
    return cbor2.loads(data, semantic_decoders={TIME_TAG: lambda value, _: ("time", value)})


@pytest.fixture
def cbor(endpoint):
    """cbor("kinesis", "ListStreams", {...}) gives status and answer; bytes are sent as they are."""
    connection = Connection(endpoint)

    def send(service, operation, document):
        target, version = TARGETS[service]
        kind = f"application/x-amz-cbor-{version}"
        body = document if isinstance(document, bytes) else cbor2.dumps(document)
        answer = connection.send(service, body, {"X-Amz-Target": f"{target}.{operation}",
                                                 "Content-Type": kind})
        assert answer.headers["content-type"] == kind
        return answer.status, read(answer.body) if answer.body else None
    yield send
    connection.close()


@pytest.fixture
def stream(client, unique_name):
    kinesis = client("kinesis")
    name = unique_name("cbor")
    kinesis.create_stream(StreamName=name, ShardCount=1)
    kinesis.get_waiter("stream_exists").wait(StreamName=name, WaiterConfig={"Delay": 1})
    yield name
    kinesis.delete_stream(StreamName=name)


def records(cbor, iterator):
    status, answer = cbor("kinesis", "GetRecords", {"ShardIterator": iterator})
    assert status == 200, answer
    return answer["Records"]


def test_records_keep_their_bytes_and_times(cbor, client, stream):
    data = bytes(range(256))
    before_ms = int(time.time() * 1000) - 1000
    status, put = cbor("kinesis", "PutRecord",
                       {"StreamName": stream, "Data": data, "PartitionKey": "k\u00e9"})
    assert status == 200, put
    status, many = cbor("kinesis", "PutRecords", {
        "StreamName": stream, "Records": [{"Data": b"", "PartitionKey": "k"}] * 3})
    assert (status, many["FailedRecordCount"], len(many["Records"])) == (200, 0, 3)

    status, answer = cbor("kinesis", "GetShardIterator", {
        "StreamName": stream, "ShardId": put["ShardId"], "ShardIteratorType": "TRIM_HORIZON"})
    assert status == 200, answer
    found = records(cbor, answer["ShardIterator"])
    assert [record["Data"] for record in found] == [data, b"", b"", b""]
    assert found[0]["PartitionKey"] == "k\u00e9"
    assert found[0]["SequenceNumber"] == put["SequenceNumber"]
    kind, arrived_ms = found[0]["ApproximateArrivalTimestamp"]
    assert kind == "time" and isinstance(arrived_ms, int)
    assert before_ms <= arrived_ms <= before_ms + 60_000

    kinesis = client("kinesis")
    iterator = kinesis.get_shard_iterator(StreamName=stream, ShardId=put["ShardId"],
                                          ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    by_json = kinesis.get_records(ShardIterator=iterator)["Records"]
    assert [record["Data"] for record in by_json] == [record["Data"] for record in found]


def test_a_time_is_milliseconds_under_a_tag(cbor, stream):
    _, put = cbor("kinesis", "PutRecord", {"StreamName": stream, "Data": b"x", "PartitionKey": "k"})
    now_ms = int(time.time() * 1000)
    for at_ms, expected in ((now_ms - 600_000, 1), (now_ms, None)):
        status, answer = cbor("kinesis", "GetShardIterator", {
            "StreamName": stream, "ShardId": put["ShardId"], "ShardIteratorType": "AT_TIMESTAMP",
            "Timestamp": cbor2.CBORTag(TIME_TAG, at_ms)})
        assert status == 200, answer
        if expected is not None:
            assert len(records(cbor, answer["ShardIterator"])) == expected


def test_indefinite_lengths_as_jackson_writes_them(cbor, stream):
    body = (b"\xbf" + cbor2.dumps("StreamName") + cbor2.dumps(stream)
            + cbor2.dumps("Records") + b"\x9f\xbf" + cbor2.dumps("Data") + b"\x5f\x42ab\x41c\xff"
            + cbor2.dumps("PartitionKey") + b"\x7f\x61k\x61y\xff\xff\xff\xff")
    status, answer = cbor("kinesis", "PutRecords", body)
    assert (status, answer["FailedRecordCount"]) == (200, 0)


def test_an_operation_without_an_output_answers_nothing(cbor, unique_name):
    name = unique_name("cbor")
    assert cbor("kinesis", "CreateStream", {"StreamName": name, "ShardCount": 1}) == (200, None)
    assert cbor("kinesis", "DeleteStream", {"StreamName": name}) == (200, None)


def test_errors_come_as_cbor(cbor, stream):
    status, missing = cbor("kinesis", "DescribeStreamSummary", {"StreamName": stream + "-not"})
    assert (status, missing["__type"]) == (400, "ResourceNotFoundException")
    assert stream + "-not" in missing["message"]
    status, invalid = cbor("kinesis", "PutRecord", {"StreamName": stream, "Data": b"x"})
    assert (status, invalid["__type"].split("#")[-1]) == (400, "ValidationException")
    assert "partitionKey" in invalid["message"]
    status, wrong = cbor("kinesis", "PutRecord",
                         {"StreamName": 7, "Data": b"x", "PartitionKey": "k"})
    assert (status, wrong["__type"].split("#")[-1]) == (400, "SerializationException")
    for broken in (b"", b"{}", b"\xbf", b"\xa1\x61", b"\x5b" + b"\xff" * 8, b"\x81" * 100_000,
                   cbor2.dumps([1]), cbor2.dumps({1: 2})):
        status, answer = cbor("kinesis", "PutRecord", broken)
        assert (status, answer["__type"].split("#")[-1]) == (400, "SerializationException"), broken


def test_items_keep_their_bytes(cbor, client, unique_name):
    table = unique_name("cbor")
    dynamodb = client("dynamodb")
    dynamodb.create_table(TableName=table, BillingMode="PAY_PER_REQUEST",
                          KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
                          AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}])
    item = {"k": {"S": "\u00e9"}, "b": {"B": b"\x00\xff"}, "bs": {"BS": [b"\x00", b"\x01"]},
            "n": {"N": "1.5"}, "l": {"L": [{"NULL": True}, {"M": {"x": {"BOOL": False}}}]}}
    assert cbor("dynamodb", "PutItem", {"TableName": table, "Item": item}) == (200, {})
    status, got = cbor("dynamodb", "GetItem", {"TableName": table, "Key": {"k": {"S": "\u00e9"}}})
    assert (status, got) == (200, {"Item": item})
    assert dynamodb.get_item(TableName=table, Key={"k": {"S": "\u00e9"}})["Item"] == item
    status, refused = cbor("dynamodb", "PutItem", {
        "TableName": table, "Item": {"k": {"S": "\u00e9"}},
        "ConditionExpression": "attribute_not_exists(k)",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD"})
    assert (status, refused["Item"]) == (400, item)
    dynamodb.delete_table(TableName=table)


def test_logs_answer_numbers_as_json_does(cbor, client, unique_name):
    group = unique_name("/cbor/group")
    assert cbor("logs", "CreateLogGroup", {"logGroupName": group}) == (200, None)
    _, answer = cbor("logs", "DescribeLogGroups", {"logGroupNamePrefix": group})
    by_json = client("logs").describe_log_groups(logGroupNamePrefix=group)
    assert json.dumps(answer["logGroups"]) == json.dumps(by_json["logGroups"])
    client("logs").delete_log_group(logGroupName=group)
