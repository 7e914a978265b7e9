"""Quotas: AWS's by default, others with --quota; rates with --quotas aws.

https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
"""

import pathlib
import subprocess
import time

import pytest

from errors import error_of
from own_client import own_client
from server_process import binary

ROOT = pathlib.Path(__file__).resolve().parents[2]
ON_DEMAND = {"StreamMode": "ON_DEMAND"}
MIB = 1 << 20
pytestmark = pytest.mark.local


def serve(*options):
    return subprocess.run([binary(), "serve", *options], capture_output=True, text=True,
                          timeout=60, check=False)


# ---- Counts


def test_an_account_has_so_many_shards(own_server):
    kinesis = own_client(own_server("--quota", "kinesis.shards=5"))
    kinesis.create_stream(StreamName="a", ShardCount=3)
    code, message = error_of(kinesis.create_stream, StreamName="b", ShardCount=3)
    assert code == "LimitExceededException"
    assert message.startswith(
        "This request would exceed the shard limit for the account 000000000000 in us-east-1. "
        "Current shard count for the account: 3. Limit: 5. Number of additional shards that would "
        "have resulted from this request: 3.")
    assert kinesis.list_streams()["StreamNames"] == ["a"]
    kinesis.create_stream(StreamName="b", ShardCount=2)
    kinesis.delete_stream(StreamName="a")
    kinesis.create_stream(StreamName="c", ShardCount=3)
    assert kinesis.describe_limits()["ShardLimit"] == 5


@pytest.mark.parametrize("region, limit", [
    ("us-east-1", 20000), ("us-west-2", 20000), ("eu-west-1", 20000), ("eu-central-1", 1000)])
def test_the_shard_limit_is_the_regions(client, region, limit):
    assert client("kinesis", region_name=region).describe_limits()["ShardLimit"] == limit


def test_the_default_shard_limit_is_held(client, unique_name):
    kinesis = client("kinesis", region_name="eu-central-1")
    code, message = error_of(kinesis.create_stream, StreamName=unique_name(), ShardCount=1001)
    assert code == "LimitExceededException"
    assert "Limit: 1000." in message


def test_a_quota_holds_in_every_region(own_server):
    server = own_server("--quota", "kinesis.shards=2")
    for region in ("us-east-1", "eu-central-1"):
        kinesis = own_client(server, region=region)
        kinesis.create_stream(StreamName="a", ShardCount=2)
        assert error_of(kinesis.create_stream, StreamName="b", ShardCount=1)[0] == (
            "LimitExceededException")


def test_an_account_has_so_many_on_demand_streams(own_server):
    kinesis = own_client(own_server("--quota", "kinesis.on-demand-streams=1"))
    kinesis.create_stream(StreamName="a", StreamModeDetails=ON_DEMAND)
    code, message = error_of(kinesis.create_stream, StreamName="b", StreamModeDetails=ON_DEMAND)
    assert code == "LimitExceededException"
    assert "on-demand stream limit for the account 000000000000" in message
    # A switch of mode counts as well.
    kinesis.create_stream(StreamName="b", ShardCount=1)
    arn = kinesis.describe_stream_summary(StreamName="b")["StreamDescriptionSummary"]["StreamARN"]
    assert error_of(kinesis.update_stream_mode, StreamARN=arn, StreamModeDetails=ON_DEMAND)[0] == (
        "LimitExceededException")


def test_splits_count_against_the_accounts_shards(own_server):
    kinesis = own_client(own_server("--quota", "kinesis.shards=2"))
    kinesis.create_stream(StreamName="a", ShardCount=1)
    split = {"StreamName": "a", "NewStartingHashKey": str(2**127)}
    kinesis.split_shard(ShardToSplit="shardId-000000000000", **split)
    # Closed shards don't count, open ones do.
    assert kinesis.describe_limits()["OpenShardCount"] == 2
    code, message = error_of(kinesis.split_shard, StreamName="a",
                             ShardToSplit="shardId-000000000001", NewStartingHashKey=str(2**126))
    assert code == "LimitExceededException"
    assert "Current shard count for the account: 2. Limit: 2." in message
    kinesis.merge_shards(StreamName="a", ShardToMerge="shardId-000000000001",
                         AdjacentShardToMerge="shardId-000000000002")
    assert kinesis.describe_limits()["OpenShardCount"] == 1


def scale(kinesis, target):
    return lambda: kinesis.update_shard_count(StreamName="a", TargetShardCount=target,
                                              ScalingType="UNIFORM_SCALING")


def test_a_stream_is_scaled_so_often_a_day(own_server):
    kinesis = own_client(own_server("--quota", "kinesis.shard-count-updates-per-day=2"))
    kinesis.create_stream(StreamName="a", ShardCount=2)
    scale(kinesis, 3)()
    scale(kinesis, 4)()
    code, message = error_of(scale(kinesis, 5))
    assert code == "LimitExceededException"
    assert "2 times in a rolling 24-hour period" in message


def test_a_stream_is_scaled_so_far(own_server):
    kinesis = own_client(own_server("--quota", "kinesis.shard-count-update-max=3"))
    kinesis.create_stream(StreamName="a", ShardCount=2)
    scale(kinesis, 3)()
    code, message = error_of(scale(kinesis, 4))
    assert code == "LimitExceededException"
    assert "cannot be greater than 3" in message


@pytest.mark.parametrize("quota, change", [
    ("mode-switches-per-day", lambda kinesis, arn, i: kinesis.update_stream_mode(
        StreamARN=arn,
        StreamModeDetails={"StreamMode": ("ON_DEMAND", "PROVISIONED")[i % 2]})),
    ("key-changes-per-day", lambda kinesis, arn, i: kinesis.start_stream_encryption(
        StreamARN=arn, EncryptionType="KMS", KeyId=f"alias/{i}")),
])
def test_settings_are_changed_so_often_a_day(own_server, quota, change):
    kinesis = own_client(own_server("--quota", f"kinesis.{quota}=3"))
    kinesis.create_stream(StreamName="a", ShardCount=1)
    arn = kinesis.describe_stream_summary(StreamName="a")["StreamDescriptionSummary"]["StreamARN"]
    for i in range(3):
        change(kinesis, arn, i)
    assert error_of(lambda: change(kinesis, arn, 3))[0] == "LimitExceededException"


def test_many_quotas_are_set_at_once(own_server):
    kinesis = own_client(own_server("--quota", "kinesis.consumers-per-stream=1",
                                    "--quota", "kinesis.tags-per-resource=2",
                                    "--quota", "kinesis.retention-hours-max=48"))
    kinesis.create_stream(StreamName="a", ShardCount=1)
    arn = kinesis.describe_stream_summary(StreamName="a")["StreamDescriptionSummary"]["StreamARN"]
    kinesis.register_stream_consumer(StreamARN=arn, ConsumerName="one")
    assert error_of(kinesis.register_stream_consumer, StreamARN=arn, ConsumerName="two")[0] == (
        "LimitExceededException")
    assert "more than 2 tags" in error_of(kinesis.add_tags_to_stream, StreamName="a",
                                          Tags={"a": "", "b": "", "c": ""})[1]
    assert "Maximum allowed retention period is 48 hours" in error_of(
        kinesis.increase_stream_retention_period, StreamName="a", RetentionPeriodHours=49)[1]


def test_a_request_puts_so_many_records(own_server):
    kinesis = own_client(own_server("--quota", "kinesis.put-records-records=2",
                                    "--quota", "kinesis.put-records-bytes=1048576"))
    kinesis.create_stream(StreamName="a", ShardCount=1)
    record = {"Data": b"d", "PartitionKey": "k"}
    assert kinesis.put_records(StreamName="a", Records=[record] * 2)["FailedRecordCount"] == 0
    assert error_of(kinesis.put_records, StreamName="a", Records=[record] * 3)[0] == (
        "InvalidArgumentException")
    large = {"Data": b"d" * (MIB // 2), "PartitionKey": "k"}
    assert error_of(kinesis.put_records, StreamName="a", Records=[large] * 2) == (
        "InvalidArgumentException", "Records size exceeds 1 MB limit")


def test_an_answer_gives_so_many_records(own_server):
    kinesis = own_client(own_server("--quota", "kinesis.get-records-records=3"))
    kinesis.create_stream(StreamName="a", ShardCount=1)
    kinesis.put_records(StreamName="a", Records=[{"Data": b"d", "PartitionKey": "k"}] * 5)
    iterator = kinesis.get_shard_iterator(StreamName="a", ShardId="shardId-000000000000",
                                          ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    first = kinesis.get_records(ShardIterator=iterator, Limit=4)
    assert len(first["Records"]) == 3
    assert len(kinesis.get_records(ShardIterator=first["NextShardIterator"])["Records"]) == 2


# ---- The settings


@pytest.mark.parametrize("value, message", [
    ("kinesis.shards", "'kinesis.shards' is not NAME=NUMBER"),
    ("kinesis.shard=5", "There is no quota 'kinesis.shard'"),
    ("kinesis.shards=0", "'0' is not a number from 1 on for kinesis.shards"),
    ("kinesis.shards=many", "'many' is not a number from 1 on for kinesis.shards"),
    ("kinesis.shards=-5", "'-5' is not a number from 1 on for kinesis.shards"),
    ("kinesis.put-records-records=501", "'501' is not a number from 1 to 500"),
    ("kinesis.shard-reads=9", "kinesis.shard-reads is a rate, which is held with --quotas aws"),
])
def test_a_quota_that_makes_no_sense_is_refused(value, message):
    done = serve("--quota", value)
    assert done.returncode == 2
    assert message in done.stderr


@pytest.mark.parametrize("text", [
    "[quota]\nkinesis.shards = 3\n",
    "[quota.kinesis]\nshards = 3\n",
    "[quota]\n\"kinesis.shards\" = 3\n",
    "quota = [\"kinesis.shards=3\"]\n",
    "quota = \"kinesis.shards=3\"\n",
])
def test_quotas_stand_in_the_file(own_server, tmp_path, text):
    file = tmp_path / "millstream.toml"
    file.write_text(text, encoding="utf-8")
    assert own_client(own_server("--config", str(file))).describe_limits()["ShardLimit"] == 3


def test_the_page_has_every_quota():
    printed = subprocess.run([binary(), "quotas"], capture_output=True, text=True, timeout=60,
                             check=True).stdout
    assert printed.count("\n") > 20
    assert printed in (ROOT / "docs/quotas.md").read_text(encoding="utf-8")


# ---- Rates


@pytest.fixture
def rated(own_server):
    """rated("kinesis.shard-reads=2") makes a stream "a" of one shard under AWS's rates or these."""
    def start(*quotas):
        options = [option for quota in quotas for option in ("--quota", quota)]
        kinesis = own_client(own_server("--quotas", "aws", *options))
        kinesis.create_stream(StreamName="a", ShardCount=1)
        return kinesis
    return start


THROTTLED = ("ProvisionedThroughputExceededException",
             "Rate exceeded for shard shardId-000000000000 in stream a under account 000000000000.")


def failure_of(call, attempts=200, **arguments):
    """The call's first error within so many attempts, which lie in one second if they can."""
    for _ in range(attempts):
        try:
            call(**arguments)
        except Exception as failure:
            error = failure.response["Error"]
            return error["Code"], error["Message"]
    return None


def beginning_of_a_second():
    time.sleep(1.02 - time.time() % 1)


def test_a_shard_takes_so_many_records_a_second(rated):
    kinesis = rated("kinesis.shard-write-records=3")
    assert failure_of(kinesis.put_record, StreamName="a", Data=b"d", PartitionKey="k") == THROTTLED


def test_the_rest_of_a_request_fails_record_by_record(rated):
    kinesis = rated("kinesis.shard-write-records=3")
    beginning_of_a_second()
    put = kinesis.put_records(StreamName="a", Records=[{"Data": b"d", "PartitionKey": "k"}] * 5)
    assert put["FailedRecordCount"] == 2
    for result in put["Records"][3:]:
        assert (result["ErrorCode"], result["ErrorMessage"]) == THROTTLED
        assert "SequenceNumber" not in result
    for result in put["Records"][:3]:
        assert "ErrorCode" not in result


def test_a_shard_takes_a_mebibyte_a_second(rated):
    kinesis = rated()
    assert failure_of(kinesis.put_record, StreamName="a", Data=b"d" * (MIB // 2 - 1),
                      PartitionKey="k") == THROTTLED


def test_a_large_record_uses_up_the_seconds_behind_it(rated):
    # "Kinesis is designed to handle intermittent large records (1-10 MiB) with burst capacity."
    kinesis = rated()
    arn = kinesis.describe_stream_summary(StreamName="a")["StreamDescriptionSummary"]["StreamARN"]
    kinesis.update_max_record_size(StreamARN=arn, MaxRecordSizeInKiB=10240)
    kinesis.put_record(StreamName="a", Data=b"d" * (9 * MIB), PartitionKey="k")
    assert error_of(kinesis.put_record, StreamName="a", Data=b"d", PartitionKey="k") == THROTTLED


def test_a_shard_is_read_five_times_a_second(rated):
    kinesis = rated()
    iterator = kinesis.get_shard_iterator(StreamName="a", ShardId="shardId-000000000000",
                                          ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    assert failure_of(kinesis.get_records, ShardIterator=iterator) == THROTTLED


def test_a_large_answer_blocks_the_reads_behind_it(rated):
    # "If a call returns 10 MiB, subsequent calls made within the next 5 seconds throw
    # ProvisionedThroughputExceededException."
    kinesis = rated("kinesis.shard-write-bytes=100000000")
    arn = kinesis.describe_stream_summary(StreamName="a")["StreamDescriptionSummary"]["StreamARN"]
    kinesis.update_max_record_size(StreamARN=arn, MaxRecordSizeInKiB=10240)
    kinesis.put_record(StreamName="a", Data=b"d" * (10 * MIB - 1), PartitionKey="k")
    iterator = kinesis.get_shard_iterator(StreamName="a", ShardId="shardId-000000000000",
                                          ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    assert len(kinesis.get_records(ShardIterator=iterator)["Records"]) == 1
    assert error_of(kinesis.get_records, ShardIterator=iterator) == THROTTLED


def test_without_rates_nothing_is_throttled(kinesis, one_shard):
    put = kinesis.put_records(StreamName=one_shard, Records=[
        {"Data": b"d" * (64 << 10), "PartitionKey": "k"}] * 100)
    assert put["FailedRecordCount"] == 0
