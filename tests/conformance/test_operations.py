"""What an operator sees: figures, `millstream top`, and the log."""

import re
import subprocess
import urllib.request

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from server_process import ServerProcess, binary

pytestmark = pytest.mark.local


@pytest.fixture
def own_server(tmp_path):
    server = ServerProcess(tmp_path / "data", "--log-level", "debug").start()
    yield server
    assert server.stop() == 0, server.log_end()


def kinesis(server):
    return boto3.client("kinesis", endpoint_url=server.endpoint, region_name="us-east-1",
                        aws_access_key_id="any", aws_secret_access_key="any",
                        config=Config(retries={"max_attempts": 0}))


def put(client, count):
    client.create_stream(StreamName="s", ShardCount=1)
    for number in range(count):
        client.put_record(StreamName="s", PartitionKey="k", Data=str(number))


def figures(server):
    """{"name{labels}": value}; every line must be one that Prometheus reads."""
    with urllib.request.urlopen(f"{server.endpoint}/_millstream/metrics", timeout=30) as answer:
        assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
        lines = answer.read().decode().splitlines()
    pattern = re.compile(r'[a-z_:]+(?:\{(?:[a-z]+="(?:[^"\\\n]|\\["\\n])*",?)+\})? [-+.0-9einf]+')
    found = {}
    for line in lines:
        if line.startswith("# "):
            assert re.match(r"# (HELP|TYPE) [a-z_]+ .+", line), line
            continue
        assert pattern.fullmatch(line), line
        name, _, value = line.rpartition(" ")
        assert name not in found, f"{name} stands twice"
        found[name] = float(value)
    return found


def test_requests_and_the_disk_are_counted(own_server):
    client = kinesis(own_server)
    put(client, 20)
    with pytest.raises(ClientError):
        client.describe_stream_summary(StreamName="nothing")
    found = figures(own_server)
    of = 'millstream_requests_total{service="kinesis",operation="%s",result="%s"}'
    assert found[of % ("PutRecord", "ok")] == 20
    assert found[of % ("PutRecord", "throttled")] == 0
    assert found[of % ("DescribeStreamSummary", "refused")] == 1
    seconds = 'millstream_request_seconds_%s{service="kinesis",operation="PutRecord"}'
    assert found[seconds % "count"] == 20
    assert found[seconds % "sum"] > 0
    # Each put was answered after a sync of its own: they came one after the other.
    assert found["millstream_journal_sync_seconds_count"] >= 20
    assert found["millstream_journal_group_frames_count"] >= 20
    assert found["millstream_journal_written_bytes_total"] > 0
    assert found["millstream_lane_transactions_waiting"] == 0
    assert found["millstream_environments"] == 0
    assert found['millstream_http_connections{of="clients"}'] >= 1
    assert found['millstream_http_requests{of="clients"}'] == 1  # this one


def test_a_histogram_is_cumulative_up_to_its_count(own_server):
    put(kinesis(own_server), 5)
    found = figures(own_server)
    classes = [value for name, value in found.items()
               if name.startswith('millstream_request_seconds_bucket{service="kinesis",'
                                  'operation="PutRecord"')]
    assert classes == sorted(classes)
    assert classes[-1] == 5


def test_top_shows_the_same(own_server):
    put(kinesis(own_server), 3)
    shown = subprocess.run([binary(), "top", "--once", "--endpoint",
                            f"127.0.0.1:{own_server.port}"],
                           capture_output=True, text=True, timeout=60, check=True).stdout
    assert re.search(r"^journal +", shown, re.MULTILINE)
    assert re.search(r"^kinesis\.PutRecord +", shown, re.MULTILINE)
    assert "clients    " in shown


def test_top_says_when_there_is_no_server():
    done = subprocess.run([binary(), "top", "--once", "--endpoint", "127.0.0.1:1"],
                          capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "no server answers on 127.0.0.1:1" in done.stderr


def test_each_request_is_a_line_of_the_log_at_debug(own_server):
    client = kinesis(own_server)
    put(client, 1)
    identity = client.list_streams()["ResponseMetadata"]["RequestId"]
    with pytest.raises(ClientError):
        client.delete_stream(StreamName="nothing")
    log = own_server.log_end(100)
    assert re.search(rf" debug request {identity} kinesis\.ListStreams ok 200 \d+ us$", log,
                     re.MULTILINE)
    assert re.search(r"kinesis\.DeleteStream refused 400 \d+ us ResourceNotFoundException$", log,
                     re.MULTILINE)
