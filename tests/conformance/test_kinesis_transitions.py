"""With --transition-ms, streams and consumers take a while to come, change and go, as on AWS."""

import time

import pytest

from errors import error_of
from own_client import own_client

LONG = 600_000
pytestmark = pytest.mark.local


@pytest.fixture
def slow(own_server):
    """A client of a server on which nothing comes to its end."""
    return own_client(own_server("--transition-ms", str(LONG)))


@pytest.fixture
def quick(own_server):
    """A client of a server on which everything takes a fifth of a second."""
    return own_client(own_server("--transition-ms", "200"))


def status(kinesis, name="s"):
    return kinesis.describe_stream_summary(StreamName=name)["StreamDescriptionSummary"][
        "StreamStatus"]


def arn_of(kinesis, name="s"):
    return kinesis.describe_stream_summary(StreamName=name)["StreamDescriptionSummary"]["StreamARN"]


def until(condition):
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def gone(kinesis, name="s"):
    try:
        status(kinesis, name)
        return False
    except kinesis.exceptions.ResourceNotFoundException:
        return True


@pytest.fixture
def active(quick):
    quick.create_stream(StreamName="s", ShardCount=1)
    until(lambda: status(quick) == "ACTIVE")
    return arn_of(quick)


def test_a_new_stream_is_creating(slow):
    slow.create_stream(StreamName="s", ShardCount=1)
    assert status(slow) == "CREATING"
    assert slow.describe_stream(StreamName="s")["StreamDescription"]["StreamStatus"] == "CREATING"
    assert slow.list_streams()["StreamSummaries"][0]["StreamStatus"] == "CREATING"


@pytest.mark.parametrize("operation, arguments", [
    ("put_record", {"Data": b"d", "PartitionKey": "k"}),
    ("put_records", {"Records": [{"Data": b"d", "PartitionKey": "k"}]}),
    ("get_shard_iterator", {"ShardId": "shardId-000000000000", "ShardIteratorType": "LATEST"}),
])
def test_records_wait_for_a_stream_to_be_there(slow, operation, arguments):
    slow.create_stream(StreamName="s", ShardCount=1)
    assert error_of(getattr(slow, operation), StreamName="s", **arguments) == (
        "ResourceNotFoundException", "Stream s under account 000000000000 not found.")


def test_a_stream_has_no_shards_until_it_is_made(slow):
    slow.create_stream(StreamName="s", ShardCount=2)
    described = slow.describe_stream(StreamName="s")["StreamDescription"]
    assert described["Shards"] == [] and described["HasMoreShards"] is False
    short = slow.describe_stream_summary(StreamName="s")["StreamDescriptionSummary"]
    assert short["OpenShardCount"] == 0


@pytest.mark.parametrize("operation, arguments", [
    ("delete_stream", {}),
    ("list_shards", {}),
    ("split_shard", {"ShardToSplit": "shardId-000000000000", "NewStartingHashKey": str(2**127)}),
    ("merge_shards", {"ShardToMerge": "shardId-000000000000",
                      "AdjacentShardToMerge": "shardId-000000000001"}),
    ("update_shard_count", {"TargetShardCount": 2, "ScalingType": "UNIFORM_SCALING"}),
    ("add_tags_to_stream", {"Tags": {"a": "1"}}),
    ("remove_tags_from_stream", {"TagKeys": ["a"]}),
    ("increase_stream_retention_period", {"RetentionPeriodHours": 48}),
    ("decrease_stream_retention_period", {"RetentionPeriodHours": 24}),
    ("start_stream_encryption", {"EncryptionType": "KMS", "KeyId": "alias/a"}),
    ("stop_stream_encryption", {"EncryptionType": "KMS", "KeyId": "alias/a"}),
    ("enable_enhanced_monitoring", {"ShardLevelMetrics": ["ALL"]}),
    ("disable_enhanced_monitoring", {"ShardLevelMetrics": ["ALL"]}),
])
def test_a_stream_must_be_active_to_be_changed(slow, operation, arguments):
    slow.create_stream(StreamName="s", ShardCount=1)
    assert error_of(getattr(slow, operation), StreamName="s", **arguments) == (
        "ResourceInUseException",
        "Stream s under account 000000000000 not ACTIVE, instead in state CREATING")


@pytest.mark.parametrize("operation, arguments", [
    ("update_stream_mode", {"StreamModeDetails": {"StreamMode": "ON_DEMAND"}}),
    ("update_max_record_size", {"MaxRecordSizeInKiB": 2048}),
    ("register_stream_consumer", {"ConsumerName": "c"}),
])
def test_a_stream_must_be_active_for_its_arn_too(slow, operation, arguments):
    slow.create_stream(StreamName="s", ShardCount=1)
    code, message = error_of(getattr(slow, operation), StreamARN=arn_of(slow), **arguments)
    assert (code, message) == (
        "ResourceInUseException",
        "Stream s under account 000000000000 not ACTIVE, instead in state CREATING")


def test_five_streams_are_creating_at_once(slow):
    # "You receive a LimitExceededException when you try to have more than five streams in the
    # CREATING state at any point in time."
    for i in range(5):
        slow.create_stream(StreamName=f"s{i}", ShardCount=1)
    code, message = error_of(slow.create_stream, StreamName="s5", ShardCount=1)
    assert code == "LimitExceededException"
    assert "5 streams in the CREATING state" in message


def test_tags_are_there_while_a_stream_is_creating(slow):
    # "Tags will take effect from the CREATING status of the stream."
    slow.create_stream(StreamName="s", ShardCount=1, Tags={"a": "1"})
    assert slow.list_tags_for_stream(StreamName="s")["Tags"] == [{"Key": "a", "Value": "1"}]


def test_the_waiter_sees_a_stream_become_active(quick):
    quick.create_stream(StreamName="s", ShardCount=1)
    quick.get_waiter("stream_exists").wait(StreamName="s", WaiterConfig={"Delay": 1})
    assert status(quick) == "ACTIVE"
    quick.put_record(StreamName="s", Data=b"d", PartitionKey="k")


@pytest.mark.parametrize("operation, arguments", [
    ("increase_stream_retention_period", {"RetentionPeriodHours": 48}),
    ("start_stream_encryption", {"EncryptionType": "KMS", "KeyId": "alias/a"}),
    ("enable_enhanced_monitoring", {"ShardLevelMetrics": ["ALL"]}),
    ("update_max_record_size", {"MaxRecordSizeInKiB": 2048}),
    ("update_stream_mode", {"StreamModeDetails": {"StreamMode": "ON_DEMAND"}}),
    ("split_shard", {"ShardToSplit": "shardId-000000000000", "NewStartingHashKey": str(2**127)}),
    ("update_shard_count", {"TargetShardCount": 2, "ScalingType": "UNIFORM_SCALING"}),
])
def test_a_changed_stream_is_updating(quick, active, operation, arguments):
    getattr(quick, operation)(StreamARN=active, **arguments)
    assert status(quick) == "UPDATING"
    # "You can continue to read and write data to your stream while its status is UPDATING."
    quick.put_record(StreamName="s", Data=b"d", PartitionKey="k")
    assert error_of(quick.delete_stream, StreamName="s") == (
        "ResourceInUseException",
        "Stream s under account 000000000000 not ACTIVE, instead in state UPDATING")
    until(lambda: status(quick) == "ACTIVE")


@pytest.mark.parametrize("operation, arguments", [
    ("add_tags_to_stream", {"Tags": {"a": "1"}}),
    ("tag_resource", {"Tags": {"a": "1"}}),
])
def test_tags_do_not_update_a_stream(quick, active, operation, arguments):
    name = "ResourceARN" if operation == "tag_resource" else "StreamARN"
    getattr(quick, operation)(**{name: active}, **arguments)
    assert status(quick) == "ACTIVE"


def test_a_deleted_stream_is_deleting_for_a_while(quick, active):
    quick.delete_stream(StreamName="s")
    assert status(quick) == "DELETING"
    # "Kinesis Data Streams might continue to accept data read and write operations."
    quick.put_record(StreamName="s", Data=b"d", PartitionKey="k")
    assert error_of(quick.create_stream, StreamName="s", ShardCount=1)[0] == (
        "ResourceInUseException")
    quick.get_waiter("stream_not_exists").wait(StreamName="s", WaiterConfig={"Delay": 1})
    assert quick.list_streams()["StreamNames"] == []
    assert quick.describe_limits()["OpenShardCount"] == 0
    quick.create_stream(StreamName="s", ShardCount=1)
    until(lambda: status(quick) == "ACTIVE")
    iterator = quick.get_shard_iterator(StreamName="s", ShardId="shardId-000000000000",
                                        ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    assert quick.get_records(ShardIterator=iterator)["Records"] == []


def test_records_are_put_and_read_while_shards_are_changed(own_server):
    kinesis = own_client(own_server("--transition-ms", "3000"))
    kinesis.create_stream(StreamName="s", ShardCount=1)
    until(lambda: status(kinesis) == "ACTIVE")
    kinesis.update_shard_count(StreamName="s", TargetShardCount=2, ScalingType="UNIFORM_SCALING")
    put = kinesis.put_record(StreamName="s", Data=b"d", PartitionKey="k")
    assert put["ShardId"] == "shardId-000000000000"  # its children aren't open yet
    assert status(kinesis) == "UPDATING"
    until(lambda: status(kinesis) == "ACTIVE")
    assert kinesis.put_record(StreamName="s", Data=b"d", PartitionKey="k")["ShardId"] != (
        "shardId-000000000000")


def test_a_consumer_is_creating_and_deleting(quick, active):
    consumer = quick.register_stream_consumer(StreamARN=active, ConsumerName="c")["Consumer"]
    assert consumer["ConsumerStatus"] == "CREATING"
    created = consumer["ConsumerARN"].split(":")[-1]
    assert error_of(quick.deregister_stream_consumer, ConsumerARN=consumer["ConsumerARN"]) == (
        "ResourceInUseException",
        f"Consumer c with creation timestamp {created} under stream s and account 000000000000 is "
        "not in ACTIVE status.")

    def described():
        return quick.describe_stream_consumer(
            ConsumerARN=consumer["ConsumerARN"])["ConsumerDescription"]["ConsumerStatus"]
    until(lambda: described() == "ACTIVE")
    quick.deregister_stream_consumer(ConsumerARN=consumer["ConsumerARN"])
    assert described() == "DELETING"
    assert quick.list_stream_consumers(StreamARN=active)["Consumers"][0]["ConsumerStatus"] == (
        "DELETING")
    until(lambda: not quick.list_stream_consumers(StreamARN=active)["Consumers"])


def test_five_consumers_are_creating_at_once(own_server):
    # "Registering a 6th consumer while there are 5 in a CREATING status results in a
    # LimitExceededException."
    kinesis = own_client(own_server("--transition-ms", "3000"))
    kinesis.create_stream(StreamName="s", ShardCount=1)
    until(lambda: status(kinesis) == "ACTIVE")
    for i in range(5):
        kinesis.register_stream_consumer(StreamARN=arn_of(kinesis), ConsumerName=f"c{i}")
    code, message = error_of(kinesis.register_stream_consumer, StreamARN=arn_of(kinesis),
                             ConsumerName="c5")
    assert code == "LimitExceededException"
    assert "5 consumers in the CREATING state" in message


def test_a_deletion_goes_on_after_a_crash(own_server):
    server = own_server("--transition-ms", "500")
    kinesis = own_client(server)
    kinesis.create_stream(StreamName="s", ShardCount=2)
    until(lambda: status(kinesis) == "ACTIVE")
    kinesis.delete_stream(StreamName="s")
    server.kill()
    server.start()
    until(lambda: gone(kinesis))
    until(lambda: kinesis.describe_limits()["OpenShardCount"] == 0)
