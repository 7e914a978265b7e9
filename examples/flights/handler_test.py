"""The template's handler counts each flight once, however its batches come."""

import base64
import json
import os
import pathlib
import random
import sys
import textwrap
import types
import unittest

import check_rows

TEMPLATE = pathlib.Path(__file__).with_name("template.yaml")


class ConditionalCheckFailed(Exception):
    def __init__(self, item):
        super().__init__("The conditional request failed")
        self.response = {"Item": item}


class FakeTable:
    """Just enough of UpdateItem for the handler's one expression."""

    exceptions = types.SimpleNamespace(ConditionalCheckFailedException=ConditionalCheckFailed)

    def __init__(self):
        self.items = {}
        self.fail_after = None  # this many updates are done, the next one fails

    def update_item(self, Key, ExpressionAttributeValues, **_):
        if self.fail_after is not None:
            if self.fail_after == 0:
                raise RuntimeError("the server is gone")
            self.fail_after -= 1
        values = ExpressionAttributeValues
        item = self.items.get(Key["airport"]["S"])
        if item and not item["counted_to"]["S"] < values[":first"]["S"]:
            raise ConditionalCheckFailed(item)
        old = item or {}
        added = {"flights": ":flights", "delayed_flights": ":delayed", "delay_minutes": ":minutes"}
        new = {name: {"N": str(int(old.get(name, {"N": "0"})["N"]) + int(values[value]["N"]))}
               for name, value in added.items()}
        self.items[Key["airport"]["S"]] = {**new, "counted_to": values[":last"]}


def load_handler(table):
    """The handler out of the template, with `table` behind boto3's client."""
    after = TEMPLATE.read_text(encoding="utf-8").split("ZipFile: |\n", 1)[1]
    lines = []
    for line in after.splitlines():
        if line.strip() and not line.startswith(" " * 10):
            break
        lines.append(line)
    sys.modules["boto3"] = types.SimpleNamespace(client=lambda service: table)
    os.environ["TABLE"] = "airports"
    scope = {}
    exec(compile(textwrap.dedent("\n".join(lines)), "index.py", "exec"), scope)
    scope["print"] = lambda text: None
    return scope["handler"]


def event_of(records):
    return {"Records": [{"kinesis": {
        "data": base64.b64encode(json.dumps(flight).encode()).decode(),
        "sequenceNumber": str(sequence), "approximateArrivalTimestamp": 0.0}}
        for sequence, flight in records]}


class Handler(unittest.TestCase):
    def setUp(self):
        chance = random.Random(7)
        self.flights = [{"origin": chance.choice("ABC"), "delay": chance.randint(-20, 60)}
                        for _ in range(200)]
        # Sequence numbers with gaps and, past 10^55, of more digits.
        self.records = [(10**55 - 300 + 5 * i, flight) for i, flight in enumerate(self.flights)]
        self.table = FakeTable()
        self.handler = load_handler(self.table)

    def assert_counted_once(self):
        found = {airport: tuple(int(item[name]["N"]) for name in
                                ("flights", "delayed_flights", "delay_minutes"))
                 for airport, item in self.table.items.items()}
        self.assertEqual(found, check_rows.expected_rows(self.flights))

    def test_counts_what_plain_arithmetic_counts(self):
        for start in range(0, 200, 50):
            self.handler(event_of(self.records[start:start + 50]), None)
        self.assert_counted_once()

    def test_the_same_batch_again_changes_nothing(self):
        for start in range(0, 200, 50):
            for _ in range(3):
                self.handler(event_of(self.records[start:start + 50]), None)
        self.assert_counted_once()

    def test_a_batch_with_other_neighbours_counts_only_the_new(self):
        for start, end in ((0, 30), (0, 90), (60, 120), (10, 200)):
            self.handler(event_of(self.records[start:end]), None)
        self.assert_counted_once()

    def test_a_failure_in_the_middle_is_made_good_by_the_retry(self):
        for done in (0, 1, 2):
            self.table.fail_after = done
            with self.assertRaises(RuntimeError):
                self.handler(event_of(self.records[:100]), None)
        self.table.fail_after = None
        self.handler(event_of(self.records[:100]), None)
        self.handler(event_of(self.records[50:]), None)
        self.assert_counted_once()


if __name__ == "__main__":
    unittest.main()
