#!/usr/bin/env python3
"""How long a server with a large retained log takes to be ready after kill -9. Fills a data directory
with stream records, kills the server in the midst of writing, starts it again and reads the oldest and
the newest record; once with its files in the operating system's cache, once without. Writes reopen.json.

    .venv/bin/python bench/reopen.py
    .venv/bin/python bench/reopen.py --gib 2
"""

import argparse
import contextlib
import json
import os
import pathlib
import signal
import sys
import threading
import time

from child import end_in_order_when_terminated
from cold_cache import drop_from_cache
from conditions import ROOT, SCRATCH, Conditions, describe_machine
from load import run_load
from peers.aws_peer import PUT_RECORDS_BYTES, STREAM
from peers.millstream import Millstream

GIB = 2**30
SMALL_RECORDS_SHARE = 0.1  # of the bytes: 100-byte records, of which an index tells most
SMALL_PUT_BYTES = 500 * 137  # what 500 of them take in the log, about
FILL_SECONDS_MAX = 7200
WRITING_SECONDS = 4.0  # before the kill
FREE_SHARE = 1.2  # of what is to be written, so that the disk isn't filled


class Reopened(Millstream):
    """Measures the time from the process's beginning to the first good answer of its health."""

    def launch(self):
        began = time.monotonic()
        super().launch()
        self.ready_seconds = time.monotonic() - began


def fill(server, gib):
    small = gib * SMALL_RECORDS_SHARE
    server.load("put_records_1kb", requests=int((gib - small) * GIB / PUT_RECORDS_BYTES),
                seconds=FILL_SECONDS_MAX)
    server.load("put_records_100b", requests=int(small * GIB / SMALL_PUT_BYTES),
                seconds=FILL_SECONDS_MAX)


def kill_while_writing(server):
    def write():
        # The server dies under it.
        with contextlib.suppress(RuntimeError):
            run_load(server.conditions, server.port, "put_records_100b", seconds=60)

    writer = threading.Thread(target=write)
    writer.start()
    time.sleep(WRITING_SECONDS)
    server.child.stop(signal.SIGKILL)
    writer.join()


def memory_bytes(server, field):
    status = pathlib.Path(f"/proc/{server.child.process.pid}/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith(field))
    return int(line.split()[1]) * 1024


def read_seconds(kinesis, shard, kind):
    """How long the first GetRecords takes, and how many records it gives."""
    iterator = kinesis.get_shard_iterator(StreamName=STREAM, ShardId=shard, **kind)
    began = time.monotonic()
    answer = kinesis.get_records(ShardIterator=iterator["ShardIterator"], Limit=10)
    return time.monotonic() - began, answer["Records"]


def measure_reopening(server):
    server.launch()
    resident = memory_bytes(server, "VmRSS")
    anonymous = memory_bytes(server, "RssAnon")
    kinesis = server.client("kinesis")
    shards = [shard["ShardId"] for shard in kinesis.list_shards(StreamName=STREAM)["Shards"]]
    # A first request of the client's own takes its time.
    kinesis.describe_stream_summary(StreamName=STREAM)
    oldest_seconds, oldest = read_seconds(kinesis, shards[0],
                                          {"ShardIteratorType": "TRIM_HORIZON"})
    middle_seconds, middle = read_seconds(
        kinesis, shards[1], {"ShardIteratorType": "AT_TIMESTAMP",
                             "Timestamp": oldest[0]["ApproximateArrivalTimestamp"].timestamp() + 30})
    put = kinesis.put_record(StreamName=STREAM, Data=b"newest", PartitionKey="key")
    newest_seconds, newest = read_seconds(
        kinesis, put["ShardId"], {"ShardIteratorType": "AT_SEQUENCE_NUMBER",
                                  "StartingSequenceNumber": put["SequenceNumber"]})
    if not oldest or not middle or newest[0]["Data"] != b"newest":
        raise RuntimeError("the records that should be there aren't")
    return {"ready_ms": server.ready_seconds * 1e3, "oldest_ms": oldest_seconds * 1e3,
            "middle_ms": middle_seconds * 1e3, "newest_ms": newest_seconds * 1e3,
            "resident_bytes": resident, "anonymous_bytes": anonymous,
            "resident_bytes_after": memory_bytes(server, "VmRSS")}


def directory_bytes(path):
    return sum(file.stat().st_size for file in pathlib.Path(path).rglob("*") if file.is_file())


def run(server, arguments):
    server.start()
    began = time.monotonic()
    fill(server, arguments.gib)
    filled_seconds = time.monotonic() - began
    peak = memory_bytes(server, "VmHWM")
    kill_while_writing(server)
    results = {"machine": describe_machine(), "fill_seconds": filled_seconds,
               "peak_resident_bytes": peak,
               "bytes": {name: directory_bytes(server.data / "data" / name)
                         for name in ("journal", "index", "state")}}
    for cache in ("warm", "cold"):
        if cache == "cold":
            drop_from_cache(server.data)
        results[cache] = measure_reopening(server)
        print(f"  {cache}: " + ", ".join(f"{name} {value:,.0f}"
                                         for name, value in results[cache].items()), flush=True)
        kill_while_writing(server)
    return results


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gib", type=float, default=10, help="what is retained")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release")
    parser.add_argument("--output", type=pathlib.Path, default=SCRATCH, help="folder for the results")
    return parser.parse_args()


def main():
    end_in_order_when_terminated()
    arguments = read_arguments()
    room = os.statvfs(ROOT)
    if arguments.gib * GIB * FREE_SHARE > room.f_bavail * room.f_frsize:
        sys.exit("The disk has no room for that.")
    server = Reopened(Conditions(build=arguments.build, server_core=None, client_core=None))
    server.install()
    try:
        results = run(server, arguments)
    finally:
        server.stop()
    arguments.output.mkdir(parents=True, exist_ok=True)
    (arguments.output / "reopen.json").write_text(json.dumps(results, indent=2) + "\n",
                                                  encoding="utf-8")
    print(json.dumps(results["bytes"]))


if __name__ == "__main__":
    main()
