"""On-demand streams: their shards follow the load.

https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html
"""

import random
import subprocess
import time

import boto3
import pytest
from botocore.config import Config

from server_process import binary

pytestmark = pytest.mark.local

PATIENCE_SECONDS = 60
# Small shards, so that a test's load is a hot one.
SHARD_RECORDS = 100


@pytest.fixture
def server(own_server):
    return own_server("--quotas", "aws",
                      "--quota", f"kinesis.shard-write-records={SHARD_RECORDS}",
                      "--quota", "kinesis.shard-reads=1000",
                      "--on-demand", "pace-ms=200", "--on-demand", "quiet-ms=2000")


@pytest.fixture
def kinesis(server):
    return boto3.client("kinesis", endpoint_url=server.endpoint, region_name="us-east-1",
                        aws_access_key_id="test", aws_secret_access_key="test",
                        config=Config(retries={"max_attempts": 0}))


class Producer:
    """Puts records at a steady rate; remembers what was acknowledged for each key, in order."""

    def __init__(self, kinesis, stream):
        self.kinesis = kinesis
        self.stream = stream
        self.acknowledged = {}

    def put(self, keys):
        """Gives how many were throttled."""
        records = [{"PartitionKey": key, "Data": f"{key}/{len(self.acknowledged.get(key, ()))}"}
                   for key in dict.fromkeys(keys)]
        answer = self.kinesis.put_records(StreamName=self.stream, Records=records)
        for record, result in zip(records, answer["Records"]):
            if "ErrorCode" in result:
                assert result["ErrorCode"] == "ProvisionedThroughputExceededException"
            else:
                self.acknowledged.setdefault(record["PartitionKey"], []).append(
                    record["Data"].encode())
        return answer["FailedRecordCount"]

    def put_until_nothing_is_throttled(self, draw_keys):
        """Some 800 records a second; returns when a whole second had no throttle."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        calm_since = time.monotonic()
        while time.monotonic() < calm_since + 1:
            if self.put(draw_keys(40)):
                calm_since = time.monotonic()
            assert time.monotonic() < deadline, "it is throttled for ever"
            time.sleep(0.05)


def open_shards(kinesis, stream):
    return kinesis.list_shards(StreamName=stream, ShardFilter={"Type": "AT_LATEST"})["Shards"]


def everything_in(kinesis, stream):
    """All records by key; parents before children."""
    seen = {}
    for shard in kinesis.list_shards(StreamName=stream)["Shards"]:
        iterator = kinesis.get_shard_iterator(
            StreamName=stream, ShardId=shard["ShardId"],
            ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
        while iterator:
            answer = kinesis.get_records(ShardIterator=iterator)
            for record in answer["Records"]:
                seen.setdefault(record["PartitionKey"], []).append(record["Data"])
            iterator = answer["Records"] and answer.get("NextShardIterator")
    return seen


def test_a_wandering_skewed_load_is_followed_and_every_key_stays_in_order(kinesis):
    kinesis.create_stream(StreamName="s", StreamModeDetails={"StreamMode": "ON_DEMAND"})
    producer = Producer(kinesis, "s")
    dice = random.Random(20260101)
    # Another few keys are the hot ones each time; the others come now and then.
    for turn in range(3):
        hot = [f"hot-{turn}-{number}" for number in range(30)]
        producer.put_until_nothing_is_throttled(
            lambda count, hot=hot: [dice.choice(hot) if dice.random() < 0.9
                                    else f"any-{dice.randrange(300)}" for _ in range(count)])
    assert len(open_shards(kinesis, "s")) > 4
    summary = kinesis.describe_stream_summary(StreamName="s")["StreamDescriptionSummary"]
    assert summary["StreamStatus"] == "ACTIVE"
    assert everything_in(kinesis, "s") == producer.acknowledged


def test_a_single_hot_key_is_told_of_and_not_split(kinesis, server):
    kinesis.create_stream(StreamName="s", StreamModeDetails={"StreamMode": "ON_DEMAND"})
    deadline = time.monotonic() + PATIENCE_SECONDS
    while "has a hot key" not in server.log.read_text():
        assert time.monotonic() < deadline
        kinesis.put_records(StreamName="s", Records=[
            {"PartitionKey": "the one", "Data": "x"} for _ in range(100)])
    assert len(open_shards(kinesis, "s")) == 4


def test_shards_are_merged_when_the_load_is_gone(kinesis):
    kinesis.create_stream(StreamName="s", StreamModeDetails={"StreamMode": "ON_DEMAND"})
    producer = Producer(kinesis, "s")
    producer.put_until_nothing_is_throttled(
        lambda count: [f"k{random.randrange(1000)}" for _ in range(count)])
    assert len(open_shards(kinesis, "s")) > 4
    deadline = time.monotonic() + PATIENCE_SECONDS
    while len(open_shards(kinesis, "s")) > 4:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_provisioned_stream_keeps_its_shards(kinesis):
    kinesis.create_stream(StreamName="s", ShardCount=1)
    deadline = time.monotonic() + 2
    throttled = 0
    while time.monotonic() < deadline:
        answer = kinesis.put_records(StreamName="s", Records=[
            {"PartitionKey": f"k{number}", "Data": "x"} for number in range(100)])
        throttled += answer["FailedRecordCount"]
    assert throttled > 0
    assert len(open_shards(kinesis, "s")) == 1


@pytest.mark.parametrize("setting, words", [
    ("pace-ms=1", "pace-ms takes a number from 100 to 3600000."),
    ("shards=5", "'shards=5' is not one of the on-demand settings"),
    ("merge-below-percent=40", "merge-below-percent is to be at most half of split-above-percent."),
    ("shards-min=20000", "shards-min is to be at most shards-max.")])
def test_a_setting_that_makes_no_sense_is_refused_in_a_sentence(tmp_path, setting, words):
    run = subprocess.run([binary(), "serve", "--data", str(tmp_path), "--on-demand", setting],
                         capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS)
    assert run.returncode != 0
    assert words in run.stderr
