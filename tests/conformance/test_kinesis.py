"""What users of Kinesis do through boto3, and the errors that they meet."""

import hashlib
import time

import pytest
from botocore.exceptions import ClientError

MISSING = "no-such-stream"


@pytest.fixture
def kinesis(client):
    return client("kinesis")


@pytest.fixture
def stream(kinesis, unique_name):
    """A stream of two shards; gone behind the test."""
    name = unique_name("stream")
    kinesis.create_stream(StreamName=name, ShardCount=2)
    kinesis.get_waiter("stream_exists").wait(StreamName=name, WaiterConfig={"Delay": 1})
    yield name
    kinesis.delete_stream(StreamName=name)


def error_of(call, **arguments):
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return caught.value.response["Error"]


def iterator(kinesis, stream, shard="shardId-000000000000", kind="TRIM_HORIZON", **more):
    return kinesis.get_shard_iterator(
        StreamName=stream, ShardId=shard, ShardIteratorType=kind, **more
    )["ShardIterator"]


def read(kinesis, shard_iterator, count=None):
    """Records from the iterator to the tip, or until there are `count`."""
    records = []
    while True:
        page = kinesis.get_records(ShardIterator=shard_iterator)
        records += page["Records"]
        shard_iterator = page["NextShardIterator"]
        if count is None and page["MillisBehindLatest"] == 0:
            return records
        if count is not None and len(records) >= count:
            return records


def put(kinesis, stream, data, key="k", **more):
    return kinesis.put_record(StreamName=stream, Data=data, PartitionKey=key, **more)


# ---- Streams


def test_a_new_stream_is_described(kinesis, stream):
    description = kinesis.describe_stream(StreamName=stream)["StreamDescription"]
    assert description["StreamName"] == stream
    assert description["StreamStatus"] == "ACTIVE"
    assert description["StreamARN"].endswith(f":stream/{stream}")
    assert description["StreamModeDetails"] == {"StreamMode": "PROVISIONED"}
    assert description["RetentionPeriodHours"] == 24
    assert description["HasMoreShards"] is False
    assert description["EnhancedMonitoring"] == [{"ShardLevelMetrics": []}]
    ranges = [s["HashKeyRange"] for s in description["Shards"]]
    assert [s["ShardId"] for s in description["Shards"]] == [
        "shardId-000000000000",
        "shardId-000000000001",
    ]
    # The ranges cover the hash space without a gap.
    assert ranges[0]["StartingHashKey"] == "0"
    assert int(ranges[1]["StartingHashKey"]) == int(ranges[0]["EndingHashKey"]) + 1
    assert int(ranges[1]["EndingHashKey"]) == 2**128 - 1
    assert "ParentShardId" not in description["Shards"][0]
    assert "EndingSequenceNumber" not in description["Shards"][0]["SequenceNumberRange"]


def test_a_summary_counts_the_shards(kinesis, stream):
    summary = kinesis.describe_stream_summary(StreamName=stream)["StreamDescriptionSummary"]
    assert summary["OpenShardCount"] == 2
    assert summary["ConsumerCount"] == 0
    # The ARN names the stream as well as its name does.
    by_arn = kinesis.describe_stream_summary(StreamARN=summary["StreamARN"])
    assert by_arn["StreamDescriptionSummary"] == summary


def test_an_on_demand_stream_starts_with_four_shards(kinesis, unique_name):
    name = unique_name("stream")
    kinesis.create_stream(StreamName=name, StreamModeDetails={"StreamMode": "ON_DEMAND"})
    summary = kinesis.describe_stream_summary(StreamName=name)["StreamDescriptionSummary"]
    assert summary["StreamModeDetails"] == {"StreamMode": "ON_DEMAND"}
    assert summary["OpenShardCount"] == 4
    kinesis.delete_stream(StreamName=name)


def test_a_stream_is_made_once(kinesis, stream):
    error = error_of(kinesis.create_stream, StreamName=stream, ShardCount=1)
    assert error["Code"] == "ResourceInUseException"
    assert error["Message"].endswith("already exists.")


def test_a_deleted_stream_is_gone_and_its_name_free(kinesis, unique_name):
    name = unique_name("stream")
    kinesis.create_stream(StreamName=name, ShardCount=1)
    put(kinesis, name, b"old")
    kinesis.delete_stream(StreamName=name)
    error = error_of(kinesis.describe_stream, StreamName=name)
    assert error["Code"] == "ResourceNotFoundException"
    # A new stream of that name doesn't have the old one's records.
    kinesis.create_stream(StreamName=name, ShardCount=1)
    assert read(kinesis, iterator(kinesis, name)) == []
    kinesis.delete_stream(StreamName=name)


def test_streams_are_listed_in_pages_by_name(kinesis, unique_name):
    names = sorted(unique_name("list") for _ in range(3))
    for name in names:
        kinesis.create_stream(StreamName=name, ShardCount=1)
    pages = kinesis.get_paginator("list_streams").paginate(PaginationConfig={"PageSize": 1})
    listed = [name for page in pages for name in page["StreamNames"]]
    assert [name for name in listed if name in names] == names
    assert listed == sorted(listed)
    first = kinesis.list_streams(Limit=1)
    assert first["HasMoreStreams"] is True
    assert first["StreamSummaries"][0]["StreamName"] == first["StreamNames"][0]
    for name in names:
        kinesis.delete_stream(StreamName=name)


def test_shards_are_listed_in_pages(kinesis, stream):
    first = kinesis.list_shards(StreamName=stream, MaxResults=1)
    assert [s["ShardId"] for s in first["Shards"]] == ["shardId-000000000000"]
    second = kinesis.list_shards(NextToken=first["NextToken"])
    assert [s["ShardId"] for s in second["Shards"]] == ["shardId-000000000001"]
    assert "NextToken" not in second
    after = kinesis.list_shards(
        StreamName=stream, ShardFilter={"Type": "AFTER_SHARD_ID", "ShardId": "shardId-000000000000"}
    )
    assert [s["ShardId"] for s in after["Shards"]] == ["shardId-000000000001"]


@pytest.mark.parametrize(
    "operation,arguments",
    [
        ("describe_stream", {}),
        ("describe_stream_summary", {}),
        ("delete_stream", {}),
        ("list_shards", {}),
        ("put_record", {"Data": b"x", "PartitionKey": "k"}),
        ("put_records", {"Records": [{"Data": b"x", "PartitionKey": "k"}]}),
        (
            "get_shard_iterator",
            {"ShardId": "shardId-000000000000", "ShardIteratorType": "LATEST"},
        ),
    ],
)
def test_a_missing_stream_is_named(kinesis, operation, arguments):
    error = error_of(getattr(kinesis, operation), StreamName=MISSING, **arguments)
    assert error["Code"] == "ResourceNotFoundException"
    assert error["Message"].startswith(f"Stream {MISSING} under account ")
    assert error["Message"].endswith(" not found.")


def test_a_bad_name_is_refused_with_the_pattern(kinesis):
    error = error_of(kinesis.create_stream, StreamName="a b", ShardCount=1)
    assert error["Code"] == "ValidationException"
    assert error["Message"] == (
        "1 validation error detected: Value 'a b' at 'streamName' failed to satisfy constraint: "
        "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"
    )


def test_a_parameter_that_is_not_built_is_named(kinesis, unique_name):
    error = error_of(
        kinesis.create_stream,
        StreamName=unique_name("stream"),
        StreamModeDetails={"StreamMode": "ON_DEMAND"},
        WarmThroughputMiBps=10,
    )
    assert "WarmThroughputMiBps" in error["Message"]


# ---- Records


def test_a_record_comes_back_as_it_was_put(kinesis, stream):
    data = bytes(range(256))
    answer = put(kinesis, stream, data, key="käse")
    assert len(answer["SequenceNumber"]) == 56
    records = read(kinesis, iterator(kinesis, stream, answer["ShardId"]))
    assert [(r["Data"], r["PartitionKey"], r["SequenceNumber"]) for r in records] == [
        (data, "käse", answer["SequenceNumber"])
    ]
    assert abs(records[0]["ApproximateArrivalTimestamp"].timestamp() - time.time()) < 60
    assert "EncryptionType" not in records[0]


def test_a_record_without_data_is_a_record(kinesis, stream):
    answer = put(kinesis, stream, b"")
    assert read(kinesis, iterator(kinesis, stream, answer["ShardId"]))[0]["Data"] == b""


def test_the_key_s_md5_chooses_the_shard(kinesis, stream):
    for i in range(20):
        key = f"key-{i}"
        high = hashlib.md5(key.encode()).digest()[0] >= 128
        assert put(kinesis, stream, b"x", key)["ShardId"] == f"shardId-{int(high):012d}"


def test_an_explicit_hash_key_goes_before_the_partition_key(kinesis, stream):
    low = put(kinesis, stream, b"x", ExplicitHashKey="0")
    high = put(kinesis, stream, b"x", ExplicitHashKey=str(2**128 - 1))
    assert (low["ShardId"], high["ShardId"]) == ("shardId-000000000000", "shardId-000000000001")
    error = error_of(
        kinesis.put_record,
        StreamName=stream,
        Data=b"x",
        PartitionKey="k",
        ExplicitHashKey=str(2**128),
    )
    assert error["Code"] == "InvalidArgumentException"
    assert error["Message"] == (
        "Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. "
        f"Specified value was {2**128}"
    )


def test_a_shard_keeps_the_order_of_its_records(kinesis, stream):
    for batch in range(3):
        answer = kinesis.put_records(
            StreamName=stream,
            Records=[
                {"Data": f"{batch}-{i}".encode(), "PartitionKey": f"k{i}"} for i in range(100)
            ],
        )
        assert answer["FailedRecordCount"] == 0
        assert len(answer["Records"]) == 100
    seen = 0
    for shard in ("shardId-000000000000", "shardId-000000000001"):
        records = read(kinesis, iterator(kinesis, stream, shard))
        numbers = [int(r["SequenceNumber"]) for r in records]
        assert numbers == sorted(set(numbers))
        positions = [tuple(map(int, r["Data"].split(b"-"))) for r in records]
        assert positions == sorted(positions)
        seen += len(records)
    assert seen == 300


def test_limit_and_iterators_page_through_a_shard(kinesis, stream):
    for i in range(5):
        put(kinesis, stream, b"%d" % i, ExplicitHashKey="0")
    first = kinesis.get_records(ShardIterator=iterator(kinesis, stream), Limit=2)
    assert [r["Data"] for r in first["Records"]] == [b"0", b"1"]
    rest = read(kinesis, first["NextShardIterator"])
    assert [r["Data"] for r in rest] == [b"2", b"3", b"4"]


def test_every_type_of_iterator_starts_where_it_says(kinesis, stream):
    puts = [put(kinesis, stream, b"%d" % i, ExplicitHashKey="0") for i in range(3)]

    def data(kind, **more):
        return [r["Data"] for r in read(kinesis, iterator(kinesis, stream, kind=kind, **more))]

    middle = puts[1]["SequenceNumber"]
    assert data("TRIM_HORIZON") == [b"0", b"1", b"2"]
    assert data("AT_SEQUENCE_NUMBER", StartingSequenceNumber=middle) == [b"1", b"2"]
    assert data("AFTER_SEQUENCE_NUMBER", StartingSequenceNumber=middle) == [b"2"]
    assert data("AT_TIMESTAMP", Timestamp=0) == [b"0", b"1", b"2"]
    assert data("AT_TIMESTAMP", Timestamp=time.time()) in ([], [b"2"], [b"1", b"2"])
    latest = iterator(kinesis, stream, kind="LATEST")
    assert read(kinesis, latest) == []
    put(kinesis, stream, b"3", ExplicitHashKey="0")
    assert [r["Data"] for r in read(kinesis, latest, count=1)] == [b"3"]


def test_a_shard_s_first_number_stands_before_its_first_record(kinesis, stream):
    put(kinesis, stream, b"0", ExplicitHashKey="0")
    shard = kinesis.list_shards(StreamName=stream)["Shards"][0]
    start = shard["SequenceNumberRange"]["StartingSequenceNumber"]
    at = iterator(kinesis, stream, kind="AT_SEQUENCE_NUMBER", StartingSequenceNumber=start)
    assert [r["Data"] for r in read(kinesis, at)] == [b"0"]


# ---- Errors of reading


def test_a_number_of_another_shard_is_refused(kinesis, stream):
    number = put(kinesis, stream, b"x", ExplicitHashKey=str(2**128 - 1))["SequenceNumber"]
    error = error_of(
        kinesis.get_shard_iterator,
        StreamName=stream,
        ShardId="shardId-000000000000",
        ShardIteratorType="AT_SEQUENCE_NUMBER",
        StartingSequenceNumber=number,
    )
    assert error["Code"] == "InvalidArgumentException"
    assert error["Message"] == (
        "Invalid StartingSequenceNumber. It encodes shardId-000000000001, while it was used in a "
        "call to a shard with shardId-000000000000"
    )


@pytest.mark.parametrize(
    "arguments,code,text",
    [
        (
            {"ShardIteratorType": "AT_SEQUENCE_NUMBER"},
            "InvalidArgumentException",
            "Request specified AT_SEQUENCE_NUMBER and no StartingSequenceNumber.",
        ),
        (
            {"ShardIteratorType": "LATEST", "StartingSequenceNumber": "1"},
            "InvalidArgumentException",
            "Request specified LATEST and also a StartingSequenceNumber.",
        ),
        (
            {"ShardIteratorType": "AT_SEQUENCE_NUMBER", "StartingSequenceNumber": "1"},
            "InvalidArgumentException",
            "StartingSequenceNumber 1 used in GetShardIterator on shard shardId-000000000000",
        ),
        (
            {"ShardIteratorType": "LATEST", "ShardId": "shardId-000000000009"},
            "ResourceNotFoundException",
            "Shard shardId-000000000009 in stream",
        ),
        (
            {"ShardIteratorType": "EARLIEST"},
            "ValidationException",
            "Value 'EARLIEST' at 'shardIteratorType' failed to satisfy constraint: Member must "
            "satisfy enum value set: [",
        ),
        (
            {"ShardIteratorType": "AT_TIMESTAMP"},
            "InvalidArgumentException",
            "Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP.",
        ),
    ],
)
def test_an_iterator_that_contradicts_itself_is_refused(kinesis, stream, arguments, code, text):
    arguments = {"StreamName": stream, "ShardId": "shardId-000000000000", **arguments}
    error = error_of(kinesis.get_shard_iterator, **arguments)
    assert error["Code"] == code
    assert text in error["Message"]


def test_an_iterator_that_nobody_gave_out_is_refused(kinesis):
    error = error_of(kinesis.get_records, ShardIterator="AAAAAAAAAAE=")
    assert error["Code"] == "InvalidArgumentException"
    assert error["Message"] == "Invalid ShardIterator."


def test_a_limit_out_of_range_is_refused(kinesis, stream):
    error = error_of(kinesis.get_records, ShardIterator=iterator(kinesis, stream), Limit=10001)
    assert error["Code"] in ("InvalidArgumentException", "ValidationException")
    assert "10000" in error["Message"]


# ---- Limits of writing


def test_a_record_larger_than_the_stream_takes_is_refused(kinesis, stream):
    put(kinesis, stream, b"x" * 2**20)
    error = error_of(put, kinesis=kinesis, stream=stream, data=b"x" * (2**20 + 1))
    assert error["Code"] in ("InvalidArgumentException", "ValidationException")


def test_more_than_500_records_are_refused(kinesis, stream):
    error = error_of(
        kinesis.put_records,
        StreamName=stream,
        Records=[{"Data": b"x", "PartitionKey": "k"}] * 501,
    )
    assert error["Code"] == "ValidationException"
    assert "Member must have length less than or equal to 500" in error["Message"]


def test_more_than_10_mib_in_one_call_are_refused(kinesis, stream):
    records = [{"Data": b"x" * 2**20, "PartitionKey": "k"}] * 10
    error = error_of(kinesis.put_records, StreamName=stream, Records=records)
    assert error["Code"] == "InvalidArgumentException"


def test_a_long_partition_key_is_refused(kinesis, stream):
    put(kinesis, stream, b"x", key="k" * 256)
    error = error_of(put, kinesis=kinesis, stream=stream, data=b"x", key="k" * 257)
    assert error["Code"] == "ValidationException"
    assert "at 'partitionKey' failed to satisfy constraint" in error["Message"]


def test_a_dry_run_puts_nothing(kinesis, stream):
    error = error_of(
        kinesis.put_record, StreamName=stream, Data=b"x", PartitionKey="k", DryRun=True
    )
    assert error["Code"] == "DryRunOperationException"
    for shard in ("shardId-000000000000", "shardId-000000000001"):
        assert read(kinesis, iterator(kinesis, stream, shard)) == []


def test_accounts_and_regions_do_not_see_each_other(client, kinesis, stream):
    elsewhere = client("kinesis", region_name="eu-west-1")
    assert stream not in elsewhere.list_streams()["StreamNames"]
    assert error_of(elsewhere.describe_stream, StreamName=stream)["Code"] == (
        "ResourceNotFoundException"
    )
