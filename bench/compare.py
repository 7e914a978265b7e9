#!/usr/bin/env python3
"""Compares Millstream with other servers on this machine: the same conditions for all, in turn.

    .venv/bin/python bench/compare.py                        five rounds of everything
    .venv/bin/python bench/compare.py --only Redis --rounds 1 --seconds 1
    .venv/bin/python bench/compare.py --show build/bench/compare.json --markdown

bench/README.md tells what is measured and what makes it fair.
"""

import argparse
import dataclasses
import json
import pathlib
import sys
import time
import traceback

from chart import bar_chart
from child import end_in_order_when_terminated
from conditions import ROOT, SCRATCH, Conditions, describe_machine
from figures import Figures
from peers.dynamodb_local import DynamodbLocal
from peers.dynoxide import Dynoxide
from peers.ferrokinesis import Ferrokinesis
from peers.kafka import Kafka
from peers.millstream import Millstream
from peers.nginx import Nginx
from peers.peer import Unavailable
from peers.postgresql import Postgresql
from peers.redis import Redis
from results import Results, Side
from table import as_json, as_markdown, as_text
from works import WORKS

PEERS = [Redis, Postgresql, Nginx, Kafka, DynamodbLocal, Ferrokinesis, Dynoxide]


def say(text):
    print(text, file=sys.stderr, flush=True)


def choose(arguments, conditions):
    """Millstream first, then the peers that were asked for."""
    wanted = {name.lower() for name in arguments.only or []}
    known = {peer.name.lower() for peer in PEERS} | {Millstream.name.lower()}
    if wanted - known:
        sys.exit(f"no such peer: {', '.join(sorted(wanted - known))}; "
                 f"there are {', '.join(sorted(known))}")
    sides = [] if arguments.without_millstream else [Millstream(conditions)]
    return sides + [peer(conditions) for peer in PEERS
                    if not wanted or peer.name.lower() in wanted]


def install(sides, results):
    """The sides that can be measured; the reasons of the others go into the results."""
    ready = []
    for side in sides:
        say(f"installing {side.name}")
        try:
            side.install()
            results.sides.append(Side(side.name, side.version(), side.durability, side.signatures,
                                      dict(side.works)))
            ready.append(side)
        except (Unavailable, OSError, RuntimeError) as error:
            say(f"  not available: {error}")
            results.missing[side.name] = str(error)
    return ready


def measure_round(number, side, works, results):
    """All works of one side, on a server of its own. What fails is told, and the rest goes on."""
    doing = "start"
    try:
        side.start()
        for work in works:
            doing = work.key
            if work.key in side.works:
                measure_work(number, side, work, results)
    except Exception as error:
        say(traceback.format_exc())
        results.failures.append(f"{side.name}, round {number}, {doing}: {error}")
    finally:
        side.stop()


def measure_work(number, side, work, results):
    try:
        figures = side.run(work.key)
    except RuntimeError as error:
        if not side.child.is_alive():
            raise
        say(f"  {number} {side.name:<14} {work.key:<22} {error}")
        results.failures.append(f"{side.name}, round {number}, {work.key}: {error}")
        return
    results.add(side.name, work.key, figures)
    say(f"  {number} {side.name:<14} {work.key:<22} {figures.units_per_second:>12,.0f}/s"
        + (f"  {figures.bad} BAD {figures.first_bad[:200]}" if figures.bad else ""))


def measure(arguments, conditions):
    results = Results(
        machine=describe_machine(), conditions=dataclasses.asdict(conditions),
        taken=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))
    sides = install(choose(arguments, conditions), results)
    works = [work for work in WORKS if not arguments.work or work.key in arguments.work]
    for number in range(1, arguments.rounds + 1):
        for side in sides:
            measure_round(number, side, works, results)
    return results


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", metavar="NAME",
                        help="this peer alone beside Millstream; may be given more than once")
    parser.add_argument("--work", action="append", choices=[work.key for work in WORKS],
                        help="this work alone; may be given more than once")
    parser.add_argument("--without-millstream", action="store_true", help="measure peers alone")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5, help="of each work in each round")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--cold-mib", type=int, default=1024, help="read by get_records_cold")
    parser.add_argument("--durability", choices=["fsync", "none"], default="fsync",
                        help="of Millstream")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release")
    parser.add_argument("--output", type=pathlib.Path, default=SCRATCH,
                        help="folder for compare.json, compare.txt and compare.svg")
    parser.add_argument("--show", type=pathlib.Path, metavar="JSON",
                        help="measure nothing; show what an earlier run wrote")
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    return parser.parse_args()


def main():
    arguments = read_arguments()
    end_in_order_when_terminated()
    if arguments.show:
        results = Results.from_json(json.loads(arguments.show.read_text(encoding="utf-8")))
    else:
        results = measure(arguments, Conditions(
            build=arguments.build.resolve(), durability=arguments.durability,
            connections=arguments.connections, seconds=arguments.seconds,
            cold_mib=arguments.cold_mib))
        arguments.output.mkdir(parents=True, exist_ok=True)
        (arguments.output / "compare.json").write_text(as_json(results), encoding="utf-8")
        (arguments.output / "compare.txt").write_text(as_text(results), encoding="utf-8")
    output = arguments.output if not arguments.show else arguments.show.parent
    (output / "compare.svg").write_text(bar_chart(results), encoding="utf-8")
    print(as_markdown(results) if arguments.markdown else as_text(results), end="")
    return 0 if results.is_sound() else 1


if __name__ == "__main__":
    sys.exit(main())
