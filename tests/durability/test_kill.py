"""kill -9 at random moments, again and again, while records and rows are written, a trigger runs and
stacks are made: what was acknowledged is there, in order, once."""

import json
import random
import sys
import time

import pytest

import ledger
from server_process import ROOT, ServerProcess
from worker import read_stream
from workers import (Counter, FlightPutter, Follower, ItemPutter, RecordPutter, StackBuilder,
                     verify_sequences)

sys.path.insert(0, str(ROOT / "examples/flights"))
import check_rows  # noqa: E402  pylint: disable=wrong-import-position

FLIGHTS = ROOT / ".tools/sample/flights-20k.json"
TEMPLATE = ROOT / "examples/flights/template.yaml"
LEDGER = "ledger"  # the stream and the table of what is counted
CATCH_UP_SECONDS_MAX = 180
SHORT_LIFE_SECONDS = (0.0, 0.4)
LONG_LIFE_SECONDS = (1.0, 2.5)
LONG_LIVES = 0.2  # this part of the lives is long enough for functions to get work done


@pytest.fixture
def victim(tmp_path):
    running = ServerProcess(tmp_path / "data").start()
    yield running
    if running.is_alive():
        running.kill()


@pytest.fixture
def flights():
    with open(FLIGHTS, encoding="utf-8") as file:
        return json.load(file)


def prepare(setup):
    """The ledger's stream and table, and the sample's stack."""
    kinesis, dynamodb = setup("kinesis"), setup("dynamodb")
    cloudformation = setup("cloudformation")
    kinesis.create_stream(StreamName=LEDGER, ShardCount=4)
    dynamodb.create_table(TableName=LEDGER, BillingMode="PAY_PER_REQUEST",
                          AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                          KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}])
    cloudformation.create_stack(StackName="flights", Capabilities=["CAPABILITY_IAM"],
                                TemplateBody=TEMPLATE.read_text(encoding="utf-8"))
    cloudformation.get_waiter("stack_create_complete").wait(
        StackName="flights", WaiterConfig={"Delay": 1, "MaxAttempts": 60})


def life_seconds(chance):
    bounds = LONG_LIFE_SECONDS if chance.random() < LONG_LIVES else SHORT_LIFE_SECONDS
    return chance.uniform(*bounds)


def kill_again_and_again(server, workers, kills, chance):
    """The seconds that each start took."""
    starts = []
    for death in range(kills):
        time.sleep(life_seconds(chance))
        broken = [worker for worker in workers if worker.failure]
        if broken:
            raise AssertionError(f"{broken[0].name} failed after {death} kills") from (
                broken[0].failure)
        assert server.is_alive(), f"the server died by itself:\n{server.log_end()}"
        server.kill()
        began = time.monotonic()
        server.start()
        starts.append(time.monotonic() - began)
    return starts


def wait_for_rows(dynamodb, expected):
    deadline = time.monotonic() + CATCH_UP_SECONDS_MAX
    while True:
        found = check_rows.table_rows(dynamodb, "airports")
        if check_rows.total_flights(found) >= check_rows.total_flights(expected):
            return found
        assert time.monotonic() < deadline, (
            f"the trigger has counted {check_rows.total_flights(found)} of "
            f"{check_rows.total_flights(expected)} flights and goes no further")
        time.sleep(0.1)


def test_what_was_acknowledged_survives(victim, flights, kills, seed):
    setup = FlightPutter("setup", victim.endpoint, seed, "flights", []).client
    prepare(setup)
    putters = [RecordPutter(f"records{i}", victim.endpoint, seed, LEDGER) for i in range(2)]
    followers = [Follower(f"reader{i}", victim.endpoint, seed, LEDGER, f"shardId-{i:012}")
                 for i in range(2)]
    rows = ItemPutter("rows", victim.endpoint, seed, LEDGER)
    counter = Counter("counter", victim.endpoint, seed, LEDGER)
    stacks = StackBuilder("stack", victim.endpoint, seed)
    sample = FlightPutter("flights", victim.endpoint, seed, "flights", flights)
    workers = [*putters, *followers, rows, counter, stacks, sample]
    for worker in workers:
        worker.start()

    starts = kill_again_and_again(victim, workers, kills, random.Random(seed))
    for worker in workers:
        worker.finish()
    assert all(worker.acknowledged > 0 for worker in workers)

    shards = read_stream(setup("kinesis"), LEDGER)
    for reader in [*putters, *followers]:
        reader.verify(shards)
    verify_sequences(shards, putters)
    sample.run_to_the_end()
    for worker in [rows, counter, stacks, sample]:
        worker.verify()
    print(ledger.as_markdown(workers))
    print(ledger.recoveries(starts))
    assert ledger.complaints(workers) == []

    expected = check_rows.expected_rows(flights)
    found = wait_for_rows(setup("dynamodb"), expected)
    assert check_rows.differences(expected, found) == []
    assert victim.stop() == 0, victim.log_end()
