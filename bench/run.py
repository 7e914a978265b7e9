#!/usr/bin/env python3
"""Measures puts and gets of one Millstream: signed, checked, 64 connections, server on core 0, load on
core 1. Each round starts a new server on a new data directory; the table gives the median of the rounds
and their range.

    bench/run.py [--rounds 3] [--seconds 5] [--durability fsync] [--build build/release]
"""

import argparse
import json
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

import boto3
from botocore.config import Config

ROOT = pathlib.Path(__file__).resolve().parent.parent
KEY = {"aws_access_key_id": "AKIDBENCH", "aws_secret_access_key": "bench-secret"}
WORKLOADS = ["put_record", "put_records_100b", "put_item", "get_item"]
SHARDS = 64


def free_port():
    return int(subprocess.check_output([sys.executable, ROOT / "tools" / "free_port.py"]))


def on_core(core):
    return lambda: os.sched_setaffinity(0, {core % os.cpu_count()})


class Server:
    """A server of its own on a new data directory, with the key that the load signs with."""

    def __init__(self, build, durability):
        self.directory = tempfile.TemporaryDirectory(dir=ROOT / "build")
        configuration = pathlib.Path(self.directory.name, "millstream.toml")
        configuration.write_text(
            "[[keys]]\n"
            f'access_key_id = "{KEY["aws_access_key_id"]}"\n'
            f'secret_access_key = "{KEY["aws_secret_access_key"]}"\n'
        )
        self.port = free_port()
        self.process = subprocess.Popen(
            [build / "millstream", "serve", "--config", configuration]
            + ["--listen", f"127.0.0.1:{self.port}", "--data", f"{self.directory.name}/data"]
            + ["--durability", durability, "--threads", "1"],
            preexec_fn=on_core(0),
            stdout=subprocess.DEVNULL,
            stderr=open(f"{self.directory.name}/log", "w"),
        )
        self.endpoint = f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        deadline = time.monotonic() + 30
        while not self.health().get("ready"):
            if self.process.poll() is not None or time.monotonic() > deadline:
                sys.exit(open(f"{self.directory.name}/log").read())
            time.sleep(0.02)
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        self.directory.cleanup()

    def health(self):
        try:
            with urllib.request.urlopen(f"{self.endpoint}/_millstream/health", timeout=5) as answer:
                return json.load(answer)
        except OSError:
            return {}

    def client(self, service):
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            config=Config(retries={"max_attempts": 0}),
            **KEY,
        )

    def prepare(self):
        self.client("kinesis").create_stream(StreamName="bench", ShardCount=SHARDS)
        self.client("dynamodb").create_table(
            TableName="bench",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )


def load(build, port, workload, connections, seconds):
    out = subprocess.run(
        [build / "bench" / "load_generator", "--port", str(port), "--workload", workload]
        + ["--connections", str(connections), "--seconds", str(seconds)],
        preexec_fn=on_core(1),
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(out.stdout)


def measure(arguments):
    results = {workload: [] for workload in WORKLOADS}
    for _ in range(arguments.rounds):
        with Server(arguments.build, arguments.durability) as server:
            server.prepare()
            for workload in WORKLOADS:
                results[workload].append(
                    load(arguments.build, server.port, workload, 64, arguments.seconds)
                )
            durability = server.health()["durability"]
    return results, durability


def show(results, durability):
    print(f"durability {durability}, 64 connections, signed, server on one core, load on another")
    print(f"{'work':<36}{'requests/s':>12}{'records/s':>12}{'range':>20}{'p50 us':>9}{'p99 us':>9}")
    for rounds in results.values():
        requests = [r["requests_per_second"] for r in rounds]
        records = [r["units_per_second"] for r in rounds]
        middle = sorted(rounds, key=lambda r: r["requests_per_second"])[len(rounds) // 2]
        print(
            f"{rounds[0]['workload']:<36}{statistics.median(requests):>12,.0f}"
            f"{statistics.median(records):>12,.0f}"
            f"{f'{min(records):,.0f}-{max(records):,.0f}':>20}"
            f"{middle['latency_us']['p50']:>9,}{middle['latency_us']['p99']:>9,}"
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--durability", choices=["fsync", "none"], default="fsync")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release")
    parser.add_argument("--json", type=pathlib.Path, help="also write the rounds here")
    arguments = parser.parse_args()
    arguments.build = arguments.build.resolve()
    results, durability = measure(arguments)
    show(results, durability)
    if arguments.json:
        arguments.json.write_text(json.dumps({"durability": durability, "rounds": results}))


if __name__ == "__main__":
    main()
