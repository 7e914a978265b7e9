"""What becomes of the server, and what its operator sees, when something inside fails."""

import re
import socket
import time

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from server_process import ServerProcess

pytestmark = pytest.mark.local


def start(directory, *options):
    return ServerProcess(directory / "data", *options).start()


def client(server, service):
    return boto3.client(service, endpoint_url=server.endpoint, region_name="us-east-1",
                        aws_access_key_id="any", aws_secret_access_key="any",
                        config=Config(retries={"max_attempts": 0}))


def test_an_internal_failure_is_logged_with_its_cause_and_the_requests_id(tmp_path):
    server = start(tmp_path)
    kinesis = client(server, "kinesis")
    kinesis.create_stream(StreamName="s", ShardCount=1)
    put = kinesis.put_record(StreamName="s", Data=b"find me here", PartitionKey="k")
    assert server.stop() == 0
    server.start()  # the record isn't in memory any more
    segment = next((server.data / "journal").glob("*.segment"))
    place = segment.read_bytes().index(b"find me here")
    with open(segment, "r+b") as file:
        file.seek(place)
        file.write(b"damaged here")
    iterator = kinesis.get_shard_iterator(StreamName="s", ShardId=put["ShardId"],
                                          ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    with pytest.raises(ClientError) as caught:
        kinesis.get_records(ShardIterator=iterator)
    answer = caught.value.response
    assert answer["Error"]["Code"] == "InternalFailure"
    assert "segment" not in answer["Error"]["Message"]
    request_id = answer["ResponseMetadata"]["RequestId"]
    line = next(line for line in server.log.read_text().splitlines() if request_id in line)
    assert re.search(r" error request \S+: GetRecords failed inside: .*segment holds no whole frame",
                     line)
    assert server.stop() == 0


def test_writes_go_on_after_idle_connections_took_every_descriptor(tmp_path):
    server = ServerProcess(tmp_path / "data", "--durability", "none").start(
        "prlimit", "--nofile=400:400")
    kinesis = client(server, "kinesis")
    kinesis.create_stream(StreamName="s", ShardCount=1)
    idle = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(450)]
    put = []

    def write(megabytes):
        for _ in range(megabytes):
            answer = kinesis.put_record(StreamName="s", Data=b"x" * 1_000_000, PartitionKey="k")
            put.append(answer["SequenceNumber"])

    # The log needs a new segment every 64 MiB: some of this may be refused, but not for ever.
    try:
        write(150)
    except ClientError as error:
        assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 503
    for connection in idle:
        connection.close()
    deadline = time.monotonic() + 30
    while True:
        try:
            write(80)
            break
        except ClientError:
            assert time.monotonic() < deadline, server.log_end()
            time.sleep(0.1)
    assert server.stop() == 0
    server.start()
    kinesis = client(server, "kinesis")
    shard = kinesis.list_shards(StreamName="s")["Shards"][0]["ShardId"]
    iterator = kinesis.get_shard_iterator(StreamName="s", ShardId=shard,
                                          ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    found = []
    while True:
        page = kinesis.get_records(ShardIterator=iterator)
        found += [record["SequenceNumber"] for record in page["Records"]]
        if page["MillisBehindLatest"] == 0 and not page["Records"]:
            break
        iterator = page["NextShardIterator"]
    assert set(put) <= set(found) and len(found) == len(set(found))
    assert server.stop() == 0


def test_the_server_takes_as_many_descriptors_as_it_may(tmp_path):
    server = ServerProcess(tmp_path / "data").start("prlimit", "--nofile=256:2048")
    limits = open(f"/proc/{server.process.pid}/limits", encoding="utf-8").read()
    assert re.search(r"Max open files +2048 +2048 ", limits)
    assert server.stop() == 0
