#!/usr/bin/env python3
"""What one put costs as a server grows: processor time, p50 and p99 against shards, retained bytes,
tables, items and triggers. Each dimension has a server of its own, which grows from point to point;
at each point puts of 1 KB come at a constant rate. Writes growth.json and a chart a dimension.

    .venv/bin/python bench/growth.py
    .venv/bin/python bench/growth.py --dimension shards --most 1000 --seconds 2
"""

import argparse
import json
import os
import pathlib
import sys
import time

from chart import line_chart
from child import end_in_order_when_terminated
from conditions import ROOT, SCRATCH, Conditions, describe_machine
from function import create_function, create_triggers
from load import measure
from peers.aws_peer import PUT_RECORDS_BYTES
from peers.millstream import Millstream

GIB = 2**30
FILL_SECONDS_MAX = 7200
IDLE_SECONDS = 2.0
FREE_SHARE = 1.5  # of what is to be written, so that the disk isn't filled


class Dimension:
    """Grows a server to each of `points` in turn, and says which put is measured there."""

    name = title = ""
    points = []

    def grow(self, server, point, before):
        """From `before` (the last point, 0 at first) to `point`; returns measure()'s workload and
        options."""
        raise NotImplementedError


class Shards(Dimension):
    name, title = "shards", "shards of the stream"
    points = [1, 10, 100, 1_000, 10_000, 100_000]

    def grow(self, server, point, before):
        server.create_stream(f"shards-{point}", point)
        return "put_record", {"stream": f"shards-{point}"}


class RetainedBytes(Dimension):
    name, title = "retained-bytes", "bytes retained"
    points = [0, GIB, 2 * GIB, 5 * GIB, 10 * GIB, 20 * GIB]

    def grow(self, server, point, before):
        requests = (point - before) // PUT_RECORDS_BYTES
        if requests:
            server.load("put_records_1kb", requests=requests, seconds=FILL_SECONDS_MAX)
        return "put_record", {}


class Tables(Dimension):
    name, title = "tables", "tables"
    points = [1, 10, 100, 1_000, 10_000]

    def grow(self, server, point, before):
        dynamodb = server.client("dynamodb")
        for number in range(max(before, 1), point):  # the first is server.start()'s
            dynamodb.create_table(
                TableName=f"table-{number}",
                KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                BillingMode="PAY_PER_REQUEST")
        return "put_item", {}


class Items(Dimension):
    name, title = "items", "items in the table"
    points = [1, 10_000, 100_000, 1_000_000, 10_000_000]

    def grow(self, server, point, before):
        table = f"items-{point}"
        server.create_table(table)
        server.load("fill_items", table=table, items=point, seconds=FILL_SECONDS_MAX)
        return "put_item", {"table": table, "items": point}


class Triggers(Dimension):
    """The triggers' streams are idle: what is measured is what their being there costs."""

    name, title = "triggers", "triggers of other streams"
    points = [0, 1, 10, 100, 1_000]

    def grow(self, server, point, before):
        if before == 0 and point > 0:
            create_function(server, "def handler(event, context):\n    return None\n")
        streams = [f"idle-{number}" for number in range(before, point)]
        for stream in streams:
            server.create_stream(stream, 1)
        create_triggers(server, streams)
        return "put_record", {}


DIMENSIONS = [Shards(), RetainedBytes(), Tables(), Items(), Triggers()]


def idle_share(server):
    """How much of a core the server uses while nobody asks."""
    before = server.child.cpu_seconds()
    time.sleep(IDLE_SECONDS)
    return (server.child.cpu_seconds() - before) / IDLE_SECONDS


def enough_room(dimension, point):
    if not isinstance(dimension, RetainedBytes):
        return True
    free = os.statvfs(ROOT).f_bavail * os.statvfs(ROOT).f_frsize
    return point * FREE_SHARE < free


def measure_dimension(dimension, arguments, conditions):
    """[{point, server_cpu_us, p50_us, p99_us, ...}]"""
    server = Millstream(conditions)
    server.install()
    found, before = [], 0
    try:
        server.start()
        for point in dimension.points:
            if point > arguments.most or not enough_room(dimension, point):
                print(f"  {dimension.name} {point:,}: left out", file=sys.stderr)
                continue
            began = time.monotonic()
            workload, options = dimension.grow(server, point, before)
            before, grown_seconds = point, time.monotonic() - began
            idle = idle_share(server)
            figures = measure(conditions, server.child, server.port, workload,
                              rate=arguments.rate, **options)
            found.append({"point": point, "server_cpu_us": figures.server_cpu_us,
                          "p50_us": figures.p50_us, "p99_us": figures.p99_us, "bad": figures.bad,
                          "idle_cpu_share": idle, "grown_seconds": grown_seconds})
            print(f"  {dimension.name:<15}{point:>15,}{figures.server_cpu_us or 0:>10.1f} us CPU"
                  f"{figures.p50_us:>12,} us p50{figures.p99_us:>12,} us p99{idle:>8.1%} idle"
                  f"{grown_seconds:>9.1f} s to grow"
                  + (f"  {figures.bad} BAD" if figures.bad else ""),
                  flush=True)
    finally:
        server.stop()
    return found


def write_charts(results, output):
    for dimension in DIMENSIONS:
        found = results["dimensions"].get(dimension.name)
        if not found:
            continue
        xs = [row["point"] for row in found]
        chart = line_chart(
            f"One put of 1 KB at {results['rate']:g}/s, microseconds", dimension.title, xs,
            {"server CPU": [row["server_cpu_us"] or 0 for row in found],
             "p50": [row["p50_us"] for row in found], "p99": [row["p99_us"] for row in found]})
        (output / f"growth-{dimension.name}.svg").write_text(chart, encoding="utf-8")


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dimension", action="append", choices=[d.name for d in DIMENSIONS],
                        help="this one alone; may be given more than once")
    parser.add_argument("--most", type=float, default=float("inf"),
                        help="leave out the points beyond")
    parser.add_argument("--rate", type=float, default=1000, help="puts a second")
    parser.add_argument("--seconds", type=float, default=5, help="at each point")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release")
    parser.add_argument("--output", type=pathlib.Path, default=SCRATCH,
                        help="folder for growth.json and the charts")
    return parser.parse_args()


def main():
    arguments = read_arguments()
    end_in_order_when_terminated()
    conditions = Conditions(build=arguments.build.resolve(), seconds=arguments.seconds)
    results = {"machine": describe_machine(), "rate": arguments.rate,
               "seconds": arguments.seconds, "dimensions": {}}
    print(results["machine"])
    for dimension in DIMENSIONS:
        if not arguments.dimension or dimension.name in arguments.dimension:
            results["dimensions"][dimension.name] = measure_dimension(dimension, arguments,
                                                                      conditions)
    arguments.output.mkdir(parents=True, exist_ok=True)
    (arguments.output / "growth.json").write_text(json.dumps(results, indent=1) + "\n",
                                                  encoding="utf-8")
    write_charts(results, arguments.output)
    return int(any(row["bad"] for rows in results["dimensions"].values() for row in rows))


if __name__ == "__main__":
    sys.exit(main())
