#!/usr/bin/env python3
"""Counts the instructions that the server executes for one request of each kind, and holds them
against a budget (bench/README.md, "Instructions").

    instructions.py                      every phase; ends with 1 if one is above its budget
    instructions.py --only "GetItem 1 KB"
    instructions.py --update             makes the counts (of three servers) the new budget
"""

import argparse
import os
import pathlib
import statistics
import sys
import tempfile

import budget
from callgrind import PINNED, Callgrind, Cost, Profile
from script import KEY, Connection, Script

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from server_process import ServerProcess  # noqa: E402

CHUNKS = 5
SERVERS = 3  # for a new budget, and for what is above it


def middle(profiles):
    """The one whose instructions are the median."""
    chosen = statistics.median_low(profile.instructions for profile in profiles)
    return next(profile for profile in profiles if profile.instructions == chosen)


def measured(connection, callgrind, warm_up, requests):
    """The profile of one request: that of the middle one of several chunks, for now and then the
    server does something else meanwhile."""
    for request in warm_up:
        connection.send(request)
    size = len(requests) // CHUNKS
    profiles = []
    for chunk in range(CHUNKS):
        callgrind.reset()
        for request in requests[chunk * size:(chunk + 1) * size]:
            connection.send(request)
        profiles.append(callgrind.take())
    chosen = middle(profiles)
    functions = {name: Cost(cost.own // size, cost.total // size)
                 for name, cost in chosen.functions.items()}
    return Profile(chosen.instructions // size, functions)


def measure(only=None):
    """Titles to profiles; of a new server. `only`: the titles wanted, None for all.

    One connection with one request under way: what shares a group commit would be another thing in
    every run. Nothing is synced; that is the disk's time, not ours."""
    with tempfile.TemporaryDirectory(prefix="millstream-instructions-") as name:
        folder = pathlib.Path(name)
        callgrind = Callgrind(folder)
        server = ServerProcess(folder / "data", "--isolation", "process", "--threads", "1",
                               "--durability", "none").start(*callgrind.command)
        try:
            connection = Connection(server.port)
            phases = Script(connection).phases()
            callgrind.begin(server.process.pid)
            return {title: measured(connection, callgrind, *requests)
                    for title, requests in phases.items() if only is None or title in only}
        finally:
            server.stop()


def measure_again(profiles):
    """With the middle of three servers in place of what is too much: keys are drawn at random, and
    where they stand in the state costs more or less."""
    allowed = budget.load()
    above = [title for title, profile in profiles.items()
             if budget.excess(allowed[title], profile) > budget.TOLERANCE]
    if not above:
        return profiles
    more = [measure(above) for _ in range(SERVERS - 1)]
    return {**profiles,
            **{title: middle([profiles[title]] + [run[title] for run in more]) for title in above}}


def judge(profiles):
    """Prints all of them and what grew; returns the titles that are above their budget."""
    allowed = budget.load()
    above = []
    for title, profile in profiles.items():
        excess = budget.excess(allowed[title], profile)
        print(f"{title:26} {profile.instructions:>10,} instructions  {excess:+7.1%} of the budget")
        if excess > budget.TOLERANCE:
            above.append(title)
            print("\n".join(budget.growth(allowed[title], profile)))
        elif excess < -budget.TOLERANCE:
            print("  Less than the budget: make it the new one with ./test instructions --update")
    return above


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", help="the one phase to measure")
    parser.add_argument("--update", action="store_true", help="write the budget")
    arguments = parser.parse_args()
    if arguments.update and arguments.only:
        parser.error("--update measures all phases")
    os.environ.update(PINNED, MILLSTREAM_ACCESS_KEY_ID=KEY, MILLSTREAM_SECRET_ACCESS_KEY=KEY)
    if arguments.update:
        runs = [measure() for _ in range(SERVERS)]
        profiles = {title: middle([run[title] for run in runs]) for title in runs[0]}
        budget.save(profiles)
    else:
        profiles = measure([arguments.only] if arguments.only else None)
        if not profiles:
            parser.error(f"there is no phase {arguments.only!r}")
        profiles = measure_again(profiles)
    above = judge(profiles)
    if above:
        sys.exit(f"More than {budget.TOLERANCE:.0%} above the budget: {', '.join(above)}")


if __name__ == "__main__":
    main()
