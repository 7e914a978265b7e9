"""`millstream journal inspect|verify`: what a log holds, and whether it is whole."""

import json
import shutil
import subprocess

import boto3
import pytest
from botocore.config import Config

from server_process import ServerProcess, binary

pytestmark = pytest.mark.local


def journal(*arguments):
    return subprocess.run([binary(), "journal", *map(str, arguments)], capture_output=True,
                          text=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def used(tmp_path_factory):
    """The data directory of a stopped server that took ten records."""
    server = ServerProcess(tmp_path_factory.mktemp("used") / "data").start()
    kinesis = boto3.client("kinesis", endpoint_url=server.endpoint, region_name="us-east-1",
                           aws_access_key_id="any", aws_secret_access_key="any",
                           config=Config(retries={"max_attempts": 0}))
    kinesis.create_stream(StreamName="s", ShardCount=1)
    for number in range(10):
        kinesis.put_record(StreamName="s", Data=f"record {number}", PartitionKey="k")
    refused = journal("verify", server.data)
    assert refused.returncode == 2
    assert refused.stderr == (f"millstream: A Millstream server uses {server.data}/journal: stop "
                              "it, or look at a copy.\n")
    assert server.stop() == 0
    return server.data


@pytest.fixture
def data(used, tmp_path):
    return shutil.copytree(used, tmp_path / "data")


def segment(data):
    return next((data / "journal").glob("*.segment"))


def test_a_whole_log(data):
    before = {path: path.read_bytes() for path in (data / "journal").iterdir()}
    done = journal("inspect", data)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{data}/journal\n")
    assert "whole: " in done.stdout and "checksums" in done.stdout
    for place in (data, data / "journal"):
        done = journal("verify", place)
        assert done.returncode == 0
        assert done.stdout.startswith("whole: ")
        assert len(done.stdout.splitlines()) == 1
    assert before == {path: path.read_bytes() for path in (data / "journal").iterdir()}


def test_json_tells_all_of_it(data):
    report = json.loads(journal("inspect", data, "--json").stdout)
    assert report["whole"] and report["damages"] == [] and report["left_over"] == []
    assert report["epoch"]["epoch"] == 1 and report["epoch"]["first_segment"] == 1
    [only] = report["segments"]
    assert only["id"] == 1 and only["whole"] and not only["torn_tail"] and not only["rewritten"]
    assert (only["first_group"], only["last_group"]) == (1, report["epoch"]["durable_through"])
    assert only["lanes"] == report["lanes"]
    busiest = max(report["lanes"], key=lambda lane: lane["frames"])
    assert busiest["frames"] >= 10
    assert busiest["last_number"] - busiest["first_number"] + 1 == busiest["frames"]


def test_damage_is_found_and_the_first_of_it_is_named(data):
    with open(segment(data), "r+b") as file:
        place = file.read().index(b"record 3")
        file.seek(place)
        file.write(b"wreckage")
    done = journal("verify", data)
    assert done.returncode == 1
    assert done.stdout.startswith(f"damaged: {segment(data)} at byte ")
    report = json.loads(journal("verify", data, "--json").stdout)
    assert not report["whole"]
    [damage] = report["damages"]
    assert damage["offset"] <= place < damage["offset"] + 512
    assert journal("inspect", data).returncode == 0
    # The server says the same.
    ended = subprocess.run([binary(), "serve", "--listen", "127.0.0.1:0", "--data", str(data)],
                           capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert f"{segment(data)} is damaged at byte {damage['offset']}" in ended.stderr


def test_a_tail_that_was_never_acknowledged_is_no_damage(data):
    report = json.loads(journal("inspect", data, "--json").stdout)
    with open(segment(data), "r+b") as file:
        file.seek(report["segments"][0]["used_bytes"])
        file.write(b"half a group")
    report = json.loads(journal("verify", data, "--json").stdout)
    assert report["whole"] and report["segments"][0]["torn_tail"]


def test_a_place_without_a_log(tmp_path):
    done = journal("verify", tmp_path)
    assert done.returncode == 2
    assert done.stderr == f"millstream: {tmp_path} holds no log.\n"
    assert journal("verify").returncode == 2


def test_help_names_it():
    text = journal("--help").stdout
    assert "inspect" in text and "verify" in text
    assert "--json" in journal("verify", "--help").stdout
