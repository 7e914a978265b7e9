#!/usr/bin/env python3
"""How long a record takes from its put to its function, and to the row that the function writes.

    .venv/bin/python bench/latency.py [--rate 1000] [--seconds 10] [--shards 4]

Records come at a constant rate; a Python function behind a trigger notes when it starts and counts
its batch into a row, and a reader polls the rows. All times are of one clock, and count from the
moment when the put was meant to be sent. Server, function, load and reader share all cores here.
"""

import argparse
import dataclasses
import json
import pathlib
import sys
import threading
import time

from child import end_in_order_when_terminated
from conditions import (ACCESS_KEY_ID, ROOT, SCRATCH, SECRET_ACCESS_KEY, Conditions,
                        describe_machine)
from figures import percentile
from function import NAME, create_function, create_triggers
from load import run_load
from peers.aws_peer import TABLE
from peers.millstream import Millstream
from row_watcher import RowWatcher

SETTLE_SECONDS_MAX = 60
WARMUP_SECONDS = 3
HANDLER = """
import base64, json, time
import boto3
dynamodb = boto3.client("dynamodb")

def handler(event, context):
    started_us = time.time_ns() // 1000
    numbers = [int(base64.b64decode(record["kinesis"]["data"])) for record in event["Records"]]
    shard = event["Records"][0]["eventID"].split(":")[0]
    dynamodb.update_item(
        TableName="bench", Key={"id": {"S": shard}}, UpdateExpression="ADD seen :count",
        ExpressionAttributeValues={":count": {"N": str(len(numbers))}})
    print("BATCH " + json.dumps({"shard": shard, "started_us": started_us, "numbers": numbers}))
"""


@dataclasses.dataclass(frozen=True)
class Batch:
    shard: str
    started_us: int
    numbers: list


def read_batches(logs):
    """What the handler printed, in the order of its starts."""
    found = []
    group = f"/aws/lambda/{NAME}"
    if not logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]:
        return found  # no environment has started yet
    for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group):
        for event in page["events"]:
            if event["message"].startswith("BATCH "):
                found.append(Batch(**json.loads(event["message"].removeprefix("BATCH "))))
    return sorted(found, key=lambda batch: batch.started_us)


def read_trace(path):
    """number -> (intended_us, answered_us)"""
    rows = (line.split() for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines())
    return {int(number): (int(intended), int(answered)) for number, intended, answered in rows}


def latencies(trace, batches, sightings):
    """Microseconds from the intended put to the answer, to the handler's start and to the row, each
    in order. `sightings`: shard -> [(seen, at_us)] in time's order: the row's count at each change."""
    answer = sorted(answered - intended for intended, answered in trace.values())
    start, row, before, next_sighting = [], [], {}, {}
    for batch in batches:
        count = before.get(batch.shard, 0) + len(batch.numbers)
        before[batch.shard] = count
        changes = sightings.get(batch.shard, [])
        at = next_sighting.get(batch.shard, 0)
        while at < len(changes) and changes[at][0] < count:
            at += 1
        next_sighting[batch.shard] = at
        for number in batch.numbers:
            start.append(batch.started_us - trace[number][0])
            if at < len(changes):
                row.append(changes[at][1] - trace[number][0])
    return answer, sorted(start), sorted(row)


def prepare(server, arguments):
    server.start()
    server.create_stream("latency", arguments.shards)
    create_function(server, HANDLER)
    create_triggers(server, ["latency"], BatchSize=arguments.batch_size,
                    StartingPosition="TRIM_HORIZON")


def put_and_watch(server, conditions, arguments):
    """(generator's result, trace, batches, sightings)"""
    trace_file = server.data / "trace"
    # The first records start the environments; they don't count.
    run_load(conditions, server.port, "put_record_numbered", stream="latency",
             rate=arguments.rate, seconds=WARMUP_SECONDS)
    warm = wait_for_batches(server, round(arguments.rate * WARMUP_SECONDS))
    warm_counts = {}
    for batch in warm:
        warm_counts[batch.shard] = warm_counts.get(batch.shard, 0) + len(batch.numbers)
    watcher = RowWatcher(server.port, (ACCESS_KEY_ID, SECRET_ACCESS_KEY), TABLE,
                         sorted(warm_counts), arguments.poll_ms)
    thread = threading.Thread(target=watcher.run)
    thread.start()
    try:
        result = run_load(conditions, server.port, "put_record_numbered", stream="latency",
                          rate=arguments.rate, seconds=arguments.seconds, trace=trace_file)
        answered = result["latency_us"]["count"]
        batches = wait_for_batches(server, sum(warm_counts.values()) + answered)
        time.sleep(0.1)  # the reader's last look
    finally:
        watcher.stop()
        thread.join()
    sightings = {shard: [(seen - warm_counts.get(shard, 0), at_us) for seen, at_us in changes]
                 for shard, changes in watcher.sightings.items()}
    return result, read_trace(trace_file), batches[len(warm):], sightings


def wait_for_batches(server, records):
    """All batches, once they hold so many records."""
    logs = server.client("logs")
    deadline = time.monotonic() + SETTLE_SECONDS_MAX
    while True:
        batches = read_batches(logs)
        got = sum(len(batch.numbers) for batch in batches)
        if got == records:
            return batches
        if got > records or time.monotonic() > deadline:
            raise RuntimeError(f"the function saw {got:,} records instead of {records:,}; the "
                               f"server's log ends with:\n{server.child.log_end(5)}")
        time.sleep(0.5)


def show(name, ordered):
    def ms(share):
        value = percentile(ordered, share)
        return "-" if value is None else f"{value / 1000:.2f}"
    print(f"{name:<28}{len(ordered):>9,} records   p50 {ms(0.5):>8} ms   p99 {ms(0.99):>8} ms   "
          f"max {ms(1):>8} ms")


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=float, default=1000, help="records a second")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--shards", type=int, default=4)
    parser.add_argument("--batch-size", type=int, default=100, help="of the trigger")
    parser.add_argument("--poll-ms", type=float, default=1, help="between two looks at the rows")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release")
    parser.add_argument("--json", type=pathlib.Path, default=SCRATCH / "latency.json")
    return parser.parse_args()


def main():
    arguments = read_arguments()
    end_in_order_when_terminated()
    conditions = Conditions(build=arguments.build.resolve(), server_core=None, client_core=None)
    server = Millstream(conditions)
    server.install()
    try:
        prepare(server, arguments)
        result, trace, batches, sightings = put_and_watch(server, conditions, arguments)
    finally:
        server.stop()
    answer, start, row = latencies(trace, batches, sightings)
    print(f"{describe_machine()}; {arguments.rate:g} records/s over {arguments.shards} shards, "
          f"{len(batches):,} batches, {result['bad']} bad answers")
    found = {"put to answer": answer, "put to handler's start": start, "put to row visible": row}
    for name, ordered in found.items():
        show(name, ordered)
    arguments.json.parent.mkdir(parents=True, exist_ok=True)
    arguments.json.write_text(json.dumps(
        {"machine": describe_machine(), "rate": arguments.rate, "seconds": arguments.seconds,
         "shards": arguments.shards, "batches": len(batches), "bad": result["bad"],
         "latency_us": {name: {"p50": percentile(ordered, 0.5), "p99": percentile(ordered, 0.99),
                               "max": percentile(ordered, 1), "count": len(ordered)}
                        for name, ordered in found.items()}}, indent=1) + "\n", encoding="utf-8")
    return int(result["bad"] > 0 or len(row) != len(start))


if __name__ == "__main__":
    sys.exit(main())
