#!/usr/bin/env python3
"""What a crowd of bad clients (5,000 idle, 500 slow, a flood of new ones) costs the others: the latency of
puts and gets without the crowd and with it, in turn, on one server.

    tools/build.sh release millstream load_generator
    .venv/bin/python bench/overload.py [--rounds 3] [--seconds 5]

Both figures are printed; the aim is a p99 within twice of that without the crowd. The crowd runs beside
the load on the machine's cores, so on two cores a part of the difference is its own work.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys

from conditions import ROOT, Conditions, describe_machine
from peers.millstream import Millstream

CROWD = ROOT / "tests" / "overload" / "crowd.py"
WORKLOADS = ["put_record", "put_item", "get_item"]


class Crowd:
    def __init__(self, port, arguments):
        self.command = [sys.executable, CROWD, "--port", str(port), "--idle", str(arguments.idle),
                        "--slow", str(arguments.slow), "--flood", str(arguments.flood)]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline() != "ready\n":
            raise RuntimeError("the crowd didn't assemble")
        return self

    def __exit__(self, *_):
        out, _ = self.process.communicate("\n")
        self.counts = json.loads(out)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--build", type=pathlib.Path, default=Conditions.build)
    parser.add_argument("--idle", type=int, default=5000)
    parser.add_argument("--slow", type=int, default=500)
    parser.add_argument("--flood", type=int, default=2000)
    arguments = parser.parse_args()
    conditions = Conditions(seconds=arguments.seconds, build=arguments.build.resolve())
    server = Millstream(conditions)
    server.install()
    alone = {workload: [] for workload in WORKLOADS}
    beside = {workload: [] for workload in WORKLOADS}
    server.start()
    try:
        for _ in range(arguments.rounds):
            for workload in WORKLOADS:
                alone[workload].append(server.run(workload))
            with Crowd(server.port, arguments) as crowd:
                for workload in WORKLOADS:
                    beside[workload].append(server.run(workload))
            print(f"the crowd connected {crowd.counts['connected']:,} times; the server closed "
                  f"{crowd.counts.get('closed', 0):,}", file=sys.stderr)
    finally:
        server.stop()
    print(describe_machine())
    print(f"{'work':<14}{'alone p50':>11}{'p99 us':>9}{'beside p50':>12}{'p99 us':>9}{'p99 ratio':>11}"
          f"{'bad answers':>13}")
    for workload in WORKLOADS:
        def median(runs, figure):
            return statistics.median(getattr(run, figure) for run in runs)
        first, second = alone[workload], beside[workload]
        ratio = median(second, "p99_us") / median(first, "p99_us")
        bad = sum(run.bad for run in first + second)
        print(f"{workload:<14}{median(first, 'p50_us'):>11,.0f}{median(first, 'p99_us'):>9,.0f}"
              f"{median(second, 'p50_us'):>12,.0f}{median(second, 'p99_us'):>9,.0f}{ratio:>11.2f}"
              f"{bad:>13}")


if __name__ == "__main__":
    main()
