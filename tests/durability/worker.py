"""What every worker of the durability test shares: a loop that outlives the server's deaths."""

import json
import random
import threading
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

PAUSE_SECONDS = 0.02


class Uncertain(Exception):
    """The call may have happened or not: no answer came, or one that blames the server."""


class Worker(threading.Thread):
    """Calls step() until it is stopped. A step that ends in Uncertain is followed by recover(), again
    and again until that gets an answer. Anything else that goes wrong is kept in `failure`."""

    def __init__(self, name, endpoint, seed):
        super().__init__(name=name, daemon=True)
        self.endpoint = endpoint
        self.random = random.Random(f"{seed}/{name}")
        self.stopping = threading.Event()
        self.failure = None
        self.acknowledged = 0
        self.found = 0
        self.lost = []
        self.duplicated = []

    def client(self, service):
        return boto3.session.Session().client(
            service, endpoint_url=self.endpoint, region_name="us-east-1",
            aws_access_key_id="millstream", aws_secret_access_key="millstream",
            config=Config(retries={"mode": "standard", "max_attempts": 1}, connect_timeout=5,
                          read_timeout=30))

    def run(self):
        try:
            while not self.stopping.is_set() and not self.is_done():
                self.attempt(self.step)
        except Exception as error:  # pylint: disable=broad-except
            self.failure = error

    def attempt(self, step):
        try:
            step()
        except Uncertain:
            while True:
                time.sleep(PAUSE_SECONDS)
                try:
                    self.recover()
                    return
                except Uncertain:
                    continue

    def step(self):
        raise NotImplementedError

    def recover(self):
        """Finds out what became of the step that got no answer. Nothing to do unless it matters."""

    def is_done(self):
        return False

    def finish(self):
        self.stopping.set()
        self.join(120)
        assert not self.is_alive(), f"{self.name} doesn't end"
        if self.failure:
            raise AssertionError(f"{self.name} failed") from self.failure


def call(function, **arguments):
    """Calls the service; Uncertain when it can't be told whether it did what was asked."""
    try:
        return function(**arguments)
    except (ConnectionError, HTTPClientError) as error:
        raise Uncertain from error
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
            raise Uncertain from error
        raise


def read_stream(kinesis, stream):
    """Every record of every shard: {shard id: [(sequence number, data)]}."""
    shards = call(kinesis.list_shards, StreamName=stream)["Shards"]
    return {shard["ShardId"]: read_shard(kinesis, stream, shard["ShardId"]) for shard in shards}


def read_shard(kinesis, stream, shard_id):
    records = []
    iterator = call(kinesis.get_shard_iterator, StreamName=stream, ShardId=shard_id,
                    ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    while True:
        page = call(kinesis.get_records, ShardIterator=iterator)
        records += [(record["SequenceNumber"], json.loads(record["Data"]))
                    for record in page["Records"]]
        if not page["Records"] and page["MillisBehindLatest"] == 0:
            return records
        iterator = page["NextShardIterator"]
