"""`millstream plan kinesis`: what a load needs."""

import json
import subprocess

import pytest

from server_process import binary

pytestmark = pytest.mark.local
LOAD = ["--records-per-second", "1e6", "--record-size", "65KB", "--consumers", "3"]


def plan(*arguments):
    return subprocess.run([binary(), "plan", "kinesis", *arguments], capture_output=True,
                          text=True, timeout=60, check=False)


def planned(*arguments):
    done = plan(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_large_load_in_words():
    done = plan(*LOAD)
    assert done.returncode == 0, done.stderr
    assert "1,000,000 records a second of 65 KB, read by 3 consumers, kept for 24 hours" in done.stdout
    assert "97,500, because of read bytes; one stream holds them" in done.stdout
    assert "65 GB a second, 5.62 PB a day" in done.stdout
    assert "--quota kinesis.shards=97500" in done.stdout
    assert "On-demand mode would" in done.stdout


def test_the_same_as_json():
    answer = planned(*LOAD)
    assert answer["shards"] == 97500
    assert answer["bytes_per_day"] == 5.616e15
    assert answer["nodes"] > 1
    assert answer["disk_bytes"] > answer["bytes_per_day"]


@pytest.mark.parametrize("rate, size, consumers, shards", [
    ("1000", "1KB", "1", 1), ("1001", "1", "1", 2), ("100", "1MB", "2", 100),
    ("100", "1MB", "5", 250), ("500000", "100B", "1", 500)])
def test_shards_follow_from_the_load(rate, size, consumers, shards):
    assert planned("--records-per-second", rate, "--record-size", size,
                   "--consumers", consumers)["shards"] == shards


def test_a_longer_retention_needs_more_disk():
    day, week = planned(*LOAD), planned(*LOAD, "--retention-hours", "168")
    assert week["disk_bytes"] == pytest.approx(7 * day["disk_bytes"])


@pytest.mark.parametrize("arguments, message", [
    (["--record-size", "1KB"], "--records-per-second is required"),
    (["--records-per-second", "1"], "--record-size is required"),
    (["--records-per-second", "many", "--record-size", "1KB"], "'many' is not a number above zero"),
    (["--records-per-second", "1", "--record-size", "1GB"], "'1GB' is not a size up to 10MiB"),
    ([*LOAD, "--retention-hours", "1"], "--retention-hours"),
])
def test_a_load_that_makes_no_sense_is_refused(arguments, message):
    done = plan(*arguments)
    assert done.returncode == 2
    assert message in done.stderr
