"""A disk that is full: writes are refused honestly, reads go on, and writes go on once there is room.
Nothing that was acknowledged is lost, nothing that was refused is there."""

import json
import subprocess
import time
import urllib.request

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from server_process import ServerProcess
from worker import read_shard

# Room for the log's first two segments of 64 MiB, and for little else.
DISK_MEGABYTES = 140
MORE_MEGABYTES = 400
STREAM = "full"
RECORD_SIZES = (900_000, 50_000, 4_000, 100)  # until nothing fits any more
RESUME_SECONDS_MAX = 30


@pytest.fixture
def small_disk(tmp_path):
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MEGABYTES}m", "tmpfs",
                              str(place)], capture_output=True, text=True, check=False)
    if mounted.returncode != 0:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.fixture
def disk_server(small_disk, tmp_path):
    running = ServerProcess(small_disk / "data")
    running.log = tmp_path / "server.log"
    running.start()
    yield running
    if running.is_alive():
        running.kill()


def make_client(server, service):
    return boto3.client(service, endpoint_url=server.endpoint, region_name="us-east-1",
                        aws_access_key_id="any", aws_secret_access_key="any",
                        config=Config(retries={"max_attempts": 0}))


class Putter:
    """Puts numbered records of any size, and remembers which were acknowledged."""

    def __init__(self, kinesis):
        self.kinesis = kinesis
        self.number = 0
        self.acknowledged = {}  # number -> sequence number

    def put(self, size):
        self.number += 1
        data = json.dumps([self.number, "x" * size])
        answer = self.kinesis.put_record(StreamName=STREAM, Data=data, PartitionKey="k")
        self.acknowledged[self.number] = answer["SequenceNumber"]

    def put_until_refused(self, size):
        while True:
            try:
                self.put(size)
            except ClientError as error:
                return error.response


def verify(server, putter):
    kinesis = make_client(server, "kinesis")
    shard = kinesis.list_shards(StreamName=STREAM)["Shards"][0]["ShardId"]
    found = {data[0]: sequence for sequence, data in read_shard(kinesis, STREAM, shard)}
    assert found == putter.acknowledged


def test_a_full_disk_refuses_writes_until_there_is_room(disk_server, small_disk):
    kinesis, dynamodb = make_client(disk_server, "kinesis"), make_client(disk_server, "dynamodb")
    kinesis.create_stream(StreamName=STREAM, ShardCount=1)
    dynamodb.create_table(TableName=STREAM, BillingMode="PAY_PER_REQUEST",
                          AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                          KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}])
    item = {"id": {"S": "kept"}, "text": {"S": "still there"}}
    dynamodb.put_item(TableName=STREAM, Item=item)
    shard = kinesis.list_shards(StreamName=STREAM)["Shards"][0]["ShardId"]
    iterator = kinesis.get_shard_iterator(StreamName=STREAM, ShardId=shard,
                                          ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    putter = Putter(kinesis)
    for size in RECORD_SIZES:
        refusal = putter.put_until_refused(size)
        assert refusal["ResponseMetadata"]["HTTPStatusCode"] == 503
        assert refusal["Error"]["Code"] == "ServiceUnavailable"

    # The log says why, with the request's id.
    request_id = refusal["ResponseMetadata"]["RequestId"]
    lines = [line for line in disk_server.log.read_text().splitlines() if request_id in line]
    assert len(lines) == 1 and "No space left on device" in lines[0]

    # Reads go on, and the server isn't broken.
    assert dynamodb.get_item(TableName=STREAM, Key={"id": {"S": "kept"}})["Item"] == item
    assert kinesis.get_records(ShardIterator=iterator)["Records"]
    with urllib.request.urlopen(f"{disk_server.endpoint}/_millstream/health", timeout=10) as health:
        assert json.load(health)["poisoned"] is None
    with pytest.raises(ClientError) as caught:
        dynamodb.put_item(TableName=STREAM, Item={"id": {"S": "refused"}})
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503

    # There is room: writes go on by themselves.
    subprocess.run(["mount", "-o", f"remount,size={MORE_MEGABYTES}m", str(small_disk)], check=True)
    deadline = time.monotonic() + RESUME_SECONDS_MAX
    while True:
        try:
            dynamodb.put_item(TableName=STREAM, Item={"id": {"S": "after"}})
            break
        except ClientError:
            assert time.monotonic() < deadline, disk_server.log_end()
            time.sleep(0.1)
    for size in RECORD_SIZES:
        putter.put(size)

    disk_server.kill()
    disk_server.start()
    verify(disk_server, putter)
    dynamodb = make_client(disk_server, "dynamodb")
    kept = dynamodb.scan(TableName=STREAM, ConsistentRead=True)["Items"]
    assert sorted(found["id"]["S"] for found in kept) == ["after", "kept"]
    assert disk_server.stop() == 0
