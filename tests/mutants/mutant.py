"""A mutant: a small deliberate fault in the product, and the tests that must notice it.

It is a file NAME.patch: fields, one a line, then a unified diff against the tree.

    Fault: what is wrong with it
    Loses: what it would cost a user
    Build: the build's targets that the tests need
    Test: a command, from the root of the tree; there may be several, the cheapest first

A line that begins with a blank goes on with the field above it. `git diff -U1` writes the diff: with so
little around the fault, it still applies when the code elsewhere changes.
"""

import dataclasses
import pathlib
import re

FOLDER = pathlib.Path(__file__).resolve().parent
FIELDS = ("Fault", "Loses", "Build", "Test")


class Malformed(Exception):
    """A patch that isn't of the form above; says which and why."""


@dataclasses.dataclass(frozen=True)
class Mutant:
    patch: pathlib.Path
    fault: str
    loses: str
    targets: tuple  # of the build
    tests: tuple  # commands
    files: tuple  # that the patch changes, from the root of the tree

    @property
    def name(self):
        return self.patch.stem


def _read_fields(path, head):
    fields = {name: [] for name in FIELDS}
    current = None
    for line in head.splitlines():
        if line.startswith(" ") and current:
            current[-1] += " " + line.strip()
            continue
        if not line.strip():
            continue
        name, colon, value = line.partition(":")
        if not colon or name not in fields:
            raise Malformed(f"{path.name}: {line!r} is none of the fields {', '.join(FIELDS)}")
        current = fields[name]
        current.append(value.strip())
    for name, values in fields.items():
        if not values or not all(values):
            raise Malformed(f"{path.name}: the field {name} is missing or empty")
        if name != "Test" and len(values) > 1:
            raise Malformed(f"{path.name}: the field {name} stands there {len(values)} times")
    return fields


def read_mutant(path):
    head, *diff = re.split(r"^(?=diff --git |--- a/)", path.read_text(encoding="utf-8"), maxsplit=1,
                           flags=re.MULTILINE)
    fields = _read_fields(path, head)
    files = re.findall(r"^\+\+\+ b/(\S+)$", "".join(diff), re.MULTILINE)
    if not files:
        raise Malformed(f"{path.name}: it changes no file")
    return Mutant(path, fields["Fault"][0], fields["Loses"][0], tuple(fields["Build"][0].split()),
                  tuple(fields["Test"]), tuple(files))


def read_mutants(names=()):
    """Those with these names, or all of them, by name."""
    paths = {path.stem: path for path in sorted(FOLDER.glob("*.patch"))}
    for name in names:
        if name not in paths:
            raise Malformed(f"There is no mutant {name} in tests/mutants.")
    return [read_mutant(path) for name, path in paths.items() if not names or name in names]
