"""A peer that speaks AWS's protocol: the same load generator sends it the same requests."""

import pathlib

import boto3
from botocore.config import Config

from cold_cache import drop_from_cache
from conditions import ACCESS_KEY_ID, SECRET_ACCESS_KEY
from load import measure, run_load
from peers.peer import Peer
from works import BY_KEY

STREAM = TABLE = "bench"
SHARDS = 64
READ_SHARDS = 32  # of the streams that are read
TIP_PUTS = 58  # of 500 records: 906 a shard on average, so that each has one page of at most 1,000
ITEMS = 10_000
PUT_RECORDS_BYTES = 500 * 1024
WORKLOADS = {  # work -> the load generator's workload, for those that need nothing else
    "put_records_100b": "put_records_100b",
    "put_records_1kb": "put_records_1kb",
    "put_record": "put_record",
    "put_item": "put_item",
    "put_item_conditional": "put_item_conditional",
    "update_item_hot": "update_item_hot",
    "get_item": "get_item",
    "put_item_single": "put_item",
    "put_record_single": "put_record",
    "small_signed": "describe_endpoints",
    "small_plain": "health",
}
NEEDS_ITEMS = {"put_item_conditional", "get_item"}
# The works of a server that has streams, and of one that has tables; nothing to explain in the table.
STREAM_WORKS = dict.fromkeys(("put_records_100b", "put_records_1kb", "put_record",
                              "get_records_tip", "put_record_single"), "")
TABLE_WORKS = dict.fromkeys(("put_item", "put_item_conditional", "update_item_hot", "get_item",
                             "put_item_single"), "")


class AwsPeer(Peer):
    port = 0
    has_streams = False
    has_tables = False

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.port}"

    def client(self, service):
        return boto3.client(
            service, endpoint_url=self.endpoint, region_name="us-east-1",
            aws_access_key_id=ACCESS_KEY_ID, aws_secret_access_key=SECRET_ACCESS_KEY,
            config=Config(retries={"mode": "standard", "max_attempts": 3}, read_timeout=120))

    def start(self):
        self.new_data()
        self.launch()
        if self.has_streams:
            self.create_stream(STREAM, SHARDS)
        if self.has_tables:
            self.create_table(TABLE)

    def launch(self):
        """Starts the server on `data`, new or not, and waits until it answers."""
        raise NotImplementedError

    def restart(self):
        self.child.stop()
        self.launch()

    def create_stream(self, name, shards):
        kinesis = self.client("kinesis")
        kinesis.create_stream(StreamName=name, ShardCount=shards)
        kinesis.get_waiter("stream_exists").wait(
            StreamName=name, WaiterConfig={"Delay": 0.1, "MaxAttempts": 600})

    def create_table(self, name):
        dynamodb = self.client("dynamodb")
        dynamodb.create_table(
            TableName=name, KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST")
        dynamodb.get_waiter("table_exists").wait(
            TableName=name, WaiterConfig={"Delay": 0.1, "MaxAttempts": 600})

    def run(self, work):
        if work == "get_records_tip":
            return self.read_at_the_tip()
        if work == "get_records_cold":
            return self.read_cold()
        if work in NEEDS_ITEMS:
            self.load("put_item", requests=ITEMS, seconds=120)
        connections = BY_KEY[work].connections or self.conditions.connections
        return measure(self.conditions, self.child, self.port, WORKLOADS[work], stream=STREAM,
                       table=TABLE, connections=connections)

    def load(self, workload, **options):
        """A run that prepares something; every answer must be good."""
        result = run_load(self.conditions, self.port, workload, **options)
        if result["bad"]:
            raise RuntimeError(f"{workload}: {result['bad']} bad answers: {result['errors']} "
                               f"{result['first_bad']}")
        return result

    def read_at_the_tip(self):
        """Each reader reads the newest megabyte of its shard again and again."""
        self.create_stream("tip", READ_SHARDS)
        iterators = self.iterators("tip", "LATEST")
        self.load("put_records_1kb", stream="tip", requests=TIP_PUTS, seconds=120)
        return measure(self.conditions, self.child, self.port, "get_records", iterators=iterators)

    def read_cold(self):
        """Each reader reads its shard once, from the oldest record on, out of uncached files."""
        self.create_stream("cold", READ_SHARDS)
        requests = max(1, self.conditions.cold_mib * 2**20 // PUT_RECORDS_BYTES)
        self.load("put_records_1kb", stream="cold", requests=requests, seconds=600)
        self.restart()
        drop_from_cache(self.data)
        return measure(self.conditions, self.child, self.port, "get_records", warm_up=False,
                       iterators=self.iterators("cold", "TRIM_HORIZON"), once=True,
                       connections=READ_SHARDS, seconds=120)

    def iterators(self, stream, kind):
        """A file with an iterator for each shard of `stream`."""
        kinesis = self.client("kinesis")
        shards = [shard["ShardId"] for page in kinesis.get_paginator("list_shards").paginate(
            StreamName=stream) for shard in page["Shards"]]
        found = [kinesis.get_shard_iterator(StreamName=stream, ShardId=shard,
                                            ShardIteratorType=kind)["ShardIterator"]
                 for shard in shards]
        path = pathlib.Path(self.data, "iterators")
        path.write_text("\n".join(found) + "\n", encoding="utf-8")
        return path
