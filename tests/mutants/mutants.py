#!/usr/bin/env python3
"""Tries the tests on mutants: each is built, its tests are run, and one of them must fail.

    mutants.py [--write-docs] [NAME...]

All are tried if none is named. First the same tests are run on the tree as it is. Ends with a table,
which build/mutants/table.md holds too, and with 1 if a mutant survived or couldn't be tried.
"""

import argparse
import dataclasses
import fcntl
import pathlib
import sys
import time

import reliability_page
from mutant import Malformed, read_mutants
from tree_copy import DoesNotApply, TreeCopy
from trial import run_test

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORK = ROOT / "build/mutants"
LINES_MAX = 30  # of a compiler's or a test's words


@dataclasses.dataclass(frozen=True)
class Verdict:
    mutant: object
    caught: bool
    found_by: str
    build_seconds: float = 0.0
    test_seconds: float = 0.0


def tell(text):
    print(text, flush=True)


def last_lines(text):
    return "\n".join("    " + line for line in text.splitlines()[-LINES_MAX:])


def try_unmutated(tree, mutants):
    """Whether every test passes on the tree as it is; without that a mutant's failure means nothing."""
    targets = sorted({target for mutant in mutants for target in mutant.targets})
    tests = list(dict.fromkeys(test for mutant in mutants for test in mutant.tests))
    tell(f"without a mutant: building {' '.join(targets)}")
    words = tree.build(targets)
    if words:
        tell(f"the tree doesn't build:\n{last_lines(words)}")
        return False
    green = True
    for test in tests:
        run = run_test(test, tree.place)
        if not run.passed:
            tell(f"without a mutant {test} fails: {run.found_by}\n{last_lines(run.output)}")
            green = False
    if green:
        tell(f"without a mutant: {len(tests)} test commands pass")
    return green


def try_tests(tree, mutant, build_seconds):
    seconds = 0.0
    for test in mutant.tests:
        run = run_test(test, tree.place)
        seconds += run.seconds
        (WORK / f"{mutant.name}.log").write_text(run.output, encoding="utf-8")
        if not run.passed:
            return Verdict(mutant, True, run.found_by, build_seconds, seconds)
    return Verdict(mutant, False, "SURVIVED", build_seconds, seconds)


def try_mutant(tree, mutant):
    try:
        restore = tree.mutate(mutant)
    except DoesNotApply as why:
        tell(last_lines(str(why)))
        return Verdict(mutant, False, "DOESN'T APPLY to the tree any more: make its patch anew")
    try:
        begun = time.monotonic()
        words = tree.build(mutant.targets)
        seconds = time.monotonic() - begun
        if words:
            tell(last_lines(words))
            return Verdict(mutant, False, "DOESN'T BUILD: make its patch anew", seconds)
        return try_tests(tree, mutant, seconds)
    finally:
        restore()


def print_table(verdicts):
    width = max(len(verdict.mutant.name) for verdict in verdicts)
    tell(f"\n{'mutant':{width}}  build s  test s  caught by")
    for verdict in verdicts:
        tell(f"{verdict.mutant.name:{width}}  {verdict.build_seconds:7.1f}  "
             f"{verdict.test_seconds:6.1f}  {verdict.found_by.replace('`', '')}")
    caught = sum(verdict.caught for verdict in verdicts)
    tell(f"{caught} of {len(verdicts)} mutants are caught")


def write_table(verdicts, write_docs):
    rows = [(verdict.mutant, verdict.found_by) for verdict in verdicts]
    (WORK / "table.md").write_text(reliability_page.table(rows), encoding="utf-8")
    if write_docs:
        reliability_page.write(rows)


def take_lock():
    """Held until the process ends; fails with OSError if another one has it."""
    WORK.mkdir(parents=True, exist_ok=True)
    lock = open(WORK / "lock", "w", encoding="utf-8")
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return lock


def try_all(mutants, write_docs):
    tree = TreeCopy(ROOT, WORK / "tree")
    tree.update()
    if not try_unmutated(tree, mutants):
        return 1
    verdicts = []
    for mutant in mutants:
        verdicts.append(try_mutant(tree, mutant))
        tell(f"{mutant.name}: {verdicts[-1].found_by.replace('`', '')}")
    print_table(verdicts)
    all_caught = all(verdict.caught for verdict in verdicts)
    write_table(verdicts, write_docs and all_caught)
    return 0 if all_caught else 1


def main():
    parser = argparse.ArgumentParser(prog="./test mutants")
    parser.add_argument("names", metavar="NAME", nargs="*")
    parser.add_argument("--write-docs", action="store_true",
                        help="puts the table into docs/reliability.md, if all are caught")
    arguments = parser.parse_args()
    if arguments.write_docs and arguments.names:
        parser.error("--write-docs needs all mutants")
    try:
        mutants = read_mutants(arguments.names)
    except Malformed as why:
        tell(str(why))
        return 1
    try:
        lock = take_lock()
    except OSError:
        tell(f"Mutants are being tried in {WORK} already.")
        return 1
    with lock:
        return try_all(mutants, arguments.write_docs)


if __name__ == "__main__":
    sys.exit(main())
