"""A crowd of idle, slow and ever new clients: everybody else is answered, and nothing is left of it.

No time is measured here: bench/overload.py compares latencies.
"""

import json
import os
import pathlib
import socket
import subprocess
import sys
import threading
import time

import boto3
import pytest
from botocore.config import Config

from server_process import ServerProcess

pytestmark = pytest.mark.local

CROWD = pathlib.Path(__file__).with_name("crowd.py")
IDLE, SLOW, FLOOD = 5000, 500, 3000
# What the crowd's connections may cost in memory: some KB each, and the requests that are begun.
GROWTH_BYTES_MAX = 300 << 20
WRITERS = 3
ROUNDS = 60
PATIENCE_SECONDS = 120  # only how long a failure takes to be told


class Crowd:
    """tests/overload/crowd.py, from its start until all of its connections are closed."""

    def __init__(self, port, **sizes):
        flags = [part for name, size in sizes.items() for part in (f"--{name}", str(size))]
        self.process = subprocess.Popen([sys.executable, CROWD, "--port", str(port), *flags],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        assert self.process.stdout.readline() == "ready\n"
        return self

    def __exit__(self, *_):
        out, _ = self.process.communicate("\n")
        self.counts = json.loads(out)


def client_of(server, service):
    # No retries: every request must be answered the first time.
    return boto3.client(service, endpoint_url=server.endpoint, region_name="us-east-1",
                        aws_access_key_id="test", aws_secret_access_key="test",
                        config=Config(retries={"max_attempts": 0}, read_timeout=PATIENCE_SECONDS,
                                      connect_timeout=PATIENCE_SECONDS))


def resident_bytes(server):
    with open(f"/proc/{server.process.pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")


def open_files(server):
    return len(os.listdir(f"/proc/{server.process.pid}/fd"))


def write_and_read(server, writer, failures):
    """One well-behaved client: what it wrote is what it reads."""
    try:
        table = client_of(server, "dynamodb")
        stream = client_of(server, "kinesis")
        for number in range(ROUNDS):
            key = {"id": {"S": f"{writer}-{number}"}}
            value = {"N": str(number)}
            table.put_item(TableName="items", Item={**key, "value": value})
            read = table.get_item(TableName="items", Key=key, ConsistentRead=True)
            assert read["Item"]["value"] == value
            stream.put_record(StreamName="s", PartitionKey=str(writer), Data=f"{writer}-{number}")
            if number % 10 == 0:
                # A new connection finds its place, too.
                table = client_of(server, "dynamodb")
    except Exception as failure:  # pylint: disable=broad-except
        failures.append(failure)


def records_of(server):
    stream = client_of(server, "kinesis")
    iterator = stream.get_shard_iterator(StreamName="s", ShardId="shardId-000000000000",
                                         ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    records = []
    while True:
        answer = stream.get_records(ShardIterator=iterator)
        records += [record["Data"].decode() for record in answer["Records"]]
        if not answer["Records"]:
            return records
        iterator = answer["NextShardIterator"]


def wait_until(condition):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_crowd_of_bad_clients_harms_nobody_and_leaves_nothing(tmp_path):
    server = ServerProcess(tmp_path / "data").start()
    client_of(server, "kinesis").create_stream(StreamName="s", ShardCount=1)
    client_of(server, "dynamodb").create_table(
        TableName="items", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST")
    files_before, bytes_before = open_files(server), resident_bytes(server)

    failures = []
    bytes_most = 0
    with Crowd(server.port, idle=IDLE, slow=SLOW, flood=FLOOD) as crowd:
        wait_until(lambda: open_files(server) >= files_before + IDLE)
        writers = [threading.Thread(target=write_and_read, args=(server, writer, failures))
                   for writer in range(WRITERS)]
        for writer in writers:
            writer.start()
        while any(writer.is_alive() for writer in writers):
            bytes_most = max(bytes_most, resident_bytes(server))
            time.sleep(0.05)
        assert server.is_ready()
    assert not failures, failures[0]
    assert crowd.counts["flood"] > 0
    assert bytes_most - bytes_before < GROWTH_BYTES_MAX
    assert sorted(records_of(server)) == sorted(
        f"{writer}-{number}" for writer in range(WRITERS) for number in range(ROUNDS))

    # Descriptors that were there before (a table file, a segment) may have become others.
    wait_until(lambda: open_files(server) < files_before + 50)
    assert server.log.stat().st_size < 1 << 20
    assert server.stop() == 0, server.log_end()


def test_a_server_with_few_descriptors_serves_on_when_idle_clients_have_taken_all(tmp_path):
    limit = 300
    server = ServerProcess(tmp_path / "data").start("prlimit", f"--nofile={limit}:{limit}")
    client = client_of(server, "kinesis")
    client.create_stream(StreamName="s", ShardCount=1)
    with Crowd(server.port, idle=2 * limit, slow=0, flood=0):
        for number in range(20):
            client_of(server, "kinesis").put_record(StreamName="s", PartitionKey="k",
                                                    Data=str(number))
        assert open_files(server) < limit
    assert records_of(server) == [str(number) for number in range(20)]
    assert server.stop() == 0, server.log_end()


def answer_to_a_head(server, head):
    """The whole answer to a request of which nothing but the header is sent."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_SECONDS) as peer:
        peer.sendall(head.replace("\n", "\r\n").encode())
        answer = b""
        while chunk := peer.recv(65536):
            answer += chunk
    return answer.decode()


def test_a_large_body_is_not_read_for_whoever_is_not_known(tmp_path):
    settings = tmp_path / "millstream.toml"
    settings.write_text('[[keys]]\naccess_key_id = "AKIAKNOWN"\nsecret_access_key = "s"\n')
    server = ServerProcess(tmp_path / "data", "--config", str(settings)).start()
    head = ("POST / HTTP/1.1\nHost: 127.0.0.1\nX-Amz-Target: Kinesis_20131202.PutRecords\n"
            "Content-Length: 60000000\n")
    signed = ("X-Amz-Date: 20200101T000000Z\nAuthorization: AWS4-HMAC-SHA256 Credential=%s/20200101/"
              "us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=0\n")
    answer = answer_to_a_head(server, head + "\n")
    assert "MissingAuthenticationTokenException" in answer
    answer = answer_to_a_head(server, head + signed % "AKIAOTHER" + "\n")
    assert "UnrecognizedClientException" in answer
    answer = answer_to_a_head(server, head + signed % "AKIAKNOWN" + "\n")
    assert "Signature expired" in answer
    assert server.stop() == 0, server.log_end()
