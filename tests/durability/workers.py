"""The workers: each does one thing that Millstream promises to keep, and remembers what was
acknowledged. verify() then holds that against what is there."""

import json
import time

from botocore.exceptions import ClientError

from worker import Uncertain, Worker, call, read_stream

ITEM_SIZES = (10, 1_000, 20_000)


class RecordPutter(Worker):
    """Puts numbered records under keys of its own, up to 100 a call."""

    def __init__(self, name, endpoint, seed, stream):
        super().__init__(name, endpoint, seed)
        self.kinesis = self.client("kinesis")
        self.stream = stream
        self.next_number = 0
        self.places = {}  # number -> (shard, sequence number)

    def step(self):
        numbers = range(self.next_number, self.next_number + self.random.randint(1, 100))
        self.next_number = numbers.stop
        answer = call(self.kinesis.put_records, StreamName=self.stream, Records=[
            {"Data": json.dumps([self.name, number]), "PartitionKey": self.key(number)}
            for number in numbers])
        for number, result in zip(numbers, answer["Records"]):
            if "ErrorCode" not in result:
                self.places[number] = (result["ShardId"], result["SequenceNumber"])
        self.acknowledged = len(self.places)

    def key(self, number):
        return f"{self.name}-{number % 7}"

    def verify(self, shards):
        found = {}
        last_of_key = {}
        for shard, records in shards.items():
            for sequence, (name, number) in records:
                if name != self.name:
                    continue
                if number in found:
                    self.duplicated.append(f"record {number}")
                found[number] = (shard, sequence)
                previous = last_of_key.get(self.key(number), -1)
                assert previous <= number, f"{name}: {number} came after {previous} of its key"
                last_of_key[self.key(number)] = number
        self.found = len(found)
        self.lost = [f"record {number} was acknowledged at {place}, found at {found.get(number)}"
                     for number, place in self.places.items() if found.get(number) != place]


def verify_sequences(shards, putters):
    """In each shard sequence numbers rise; none was ever given to two records."""
    for shard, records in shards.items():
        numbers = [int(sequence) for sequence, _ in records]
        assert all(left < right for left, right in zip(numbers, numbers[1:])), f"{shard}: order"
    given = [place for putter in putters for place in putter.places.values()]
    assert len(given) == len(set(given)), "a sequence number was given twice"


class Follower(Worker):
    """Reads one shard as records come; what it was shown stays there, in the same order."""

    def __init__(self, name, endpoint, seed, stream, shard):
        super().__init__(name, endpoint, seed)
        self.kinesis = self.client("kinesis")
        self.stream = stream
        self.shard = shard
        self.iterator = None
        self.shown = []  # sequence numbers

    def step(self):
        if self.iterator is None:
            self.recover()
        answer = call(self.kinesis.get_records, ShardIterator=self.iterator)
        self.iterator = answer["NextShardIterator"]
        self.shown += [record["SequenceNumber"] for record in answer["Records"]]
        self.acknowledged = len(self.shown)
        if not answer["Records"]:
            self.stopping.wait(0.02)

    def recover(self):
        start = ({"ShardIteratorType": "AFTER_SEQUENCE_NUMBER",
                  "StartingSequenceNumber": self.shown[-1]} if self.shown
                 else {"ShardIteratorType": "TRIM_HORIZON"})
        self.iterator = call(self.kinesis.get_shard_iterator, StreamName=self.stream,
                             ShardId=self.shard, **start)["ShardIterator"]

    def verify(self, shards):
        there = [sequence for sequence, _ in shards[self.shard]]
        found = set(there)
        self.found = len(found)
        self.lost = [f"{sequence} was shown" for sequence in self.shown if sequence not in found]
        self.duplicated = ["a record was shown twice"] * (len(self.shown) - len(set(self.shown)))
        if not self.lost and not self.duplicated:
            assert self.shown == there[:len(self.shown)], f"{self.name}: a record was left out"


class ItemPutter(Worker):
    """Puts each row once, on the condition that it isn't there."""

    def __init__(self, name, endpoint, seed, table):
        super().__init__(name, endpoint, seed)
        self.dynamodb = self.client("dynamodb")
        self.table = table
        self.rows = {}  # number -> size of its text
        self.next_number = 0

    def step(self):
        number, size = self.next_number, self.random.choice(ITEM_SIZES)
        self.next_number += 1
        call(self.dynamodb.put_item, TableName=self.table,
             Item={"id": {"S": f"{self.name}-{number}"}, "text": {"S": "x" * size}},
             ConditionExpression="attribute_not_exists(id)")
        self.rows[number] = size
        self.acknowledged = len(self.rows)

    def verify(self):
        for number, size in self.rows.items():
            answer = call(self.dynamodb.get_item, TableName=self.table, ConsistentRead=True,
                          Key={"id": {"S": f"{self.name}-{number}"}})
            if answer.get("Item", {}).get("text") == {"S": "x" * size}:
                self.found += 1
            else:
                self.lost.append(f"row {number}")


class Counter(Worker):
    """Raises one number by conditional updates: each from exactly the value that it knows of."""

    def __init__(self, name, endpoint, seed, table):
        super().__init__(name, endpoint, seed)
        self.dynamodb = self.client("dynamodb")
        self.table = table
        self.value = 0

    def step(self):
        call(self.dynamodb.update_item, TableName=self.table, Key={"id": {"S": self.name}},
             UpdateExpression="SET amount = :next",
             ConditionExpression="attribute_not_exists(amount) OR amount = :now",
             ExpressionAttributeValues={":now": {"N": str(self.value)},
                                        ":next": {"N": str(self.value + 1)}})
        self.value += 1
        self.acknowledged += 1

    def recover(self):
        found = self.read()
        assert found in (self.value, self.value + 1), (
            f"{self.name}: {self.value} was acknowledged, {found} found")
        self.value = found

    def read(self):
        answer = call(self.dynamodb.get_item, TableName=self.table, ConsistentRead=True,
                      Key={"id": {"S": self.name}})
        return int(answer["Item"]["amount"]["N"]) if "Item" in answer else 0

    def verify(self):
        self.found = self.read()
        if self.found < self.value:
            self.lost = [f"{self.value - self.found} steps"]
        self.duplicated = [f"step {step}" for step in range(self.value, self.found)]


class FlightPutter(Worker):
    """Puts the sample's flights, each exactly once: after a death it looks which ones are in."""

    def __init__(self, name, endpoint, seed, stream, flights):
        super().__init__(name, endpoint, seed)
        self.kinesis = self.client("kinesis")
        self.stream = stream
        self.flights = [dict(flight, number=i) for i, flight in enumerate(flights)]
        self.next_flight = 0
        self.batch = []

    def step(self):
        if not self.batch:
            size = self.random.randint(1, 100)
            self.batch = self.flights[self.next_flight:self.next_flight + size]
            self.next_flight += len(self.batch)
        answer = call(self.kinesis.put_records, StreamName=self.stream, Records=[
            {"Data": json.dumps(flight), "PartitionKey": flight["origin"]}
            for flight in self.batch])
        before = len(self.batch)
        self.batch = [flight for flight, result in zip(self.batch, answer["Records"])
                      if "ErrorCode" in result]
        self.acknowledged += before - len(self.batch)
        self.stopping.wait(self.random.random() * 0.1)

    def recover(self):
        there = {flight["number"] for records in read_stream(self.kinesis, self.stream).values()
                 for _, flight in records}
        before = len(self.batch)
        self.batch = [flight for flight in self.batch if flight["number"] not in there]
        self.acknowledged += before - len(self.batch)

    def is_done(self):
        return not self.batch and self.next_flight >= len(self.flights)

    def run_to_the_end(self):
        while not self.is_done():
            self.attempt(self.step)

    def verify(self):
        numbers = [flight["number"]
                   for records in read_stream(self.kinesis, self.stream).values()
                   for _, flight in records]
        there = set(numbers)
        self.found = len(there)
        self.lost = [f"flight {flight['number']}" for flight in self.flights
                     if flight["number"] not in there]
        self.duplicated = ["a flight is there twice"] * (len(numbers) - len(there))


STACK_TEMPLATE = """
Resources:
  Stream:
    Type: AWS::Kinesis::Stream
    Properties: {Name: !Ref AWS::StackName, ShardCount: 1}
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Ref AWS::StackName
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}
  Log:
    Type: AWS::Logs::LogGroup
    DependsOn: Table
    Properties: {LogGroupName: !Ref AWS::StackName}
"""


class StackBuilder(Worker):
    """Creates stacks and deletes every second one; whatever happens, each comes to an end."""

    def __init__(self, name, endpoint, seed):
        super().__init__(name, endpoint, seed)
        self.cloudformation = self.client("cloudformation")
        self.dynamodb = self.client("dynamodb")
        self.created = set()  # acknowledged, and not deleted since
        self.deleted = set()  # acknowledged
        self.uncertain = set()
        self.next_number = 0

    def step(self):
        stack = f"{self.name}-{self.next_number}"
        self.next_number += 1
        try:
            call(self.cloudformation.create_stack, StackName=stack, TemplateBody=STACK_TEMPLATE,
                 Capabilities=["CAPABILITY_IAM"])
            self.created.add(stack)
            self.acknowledged += 1
            self.wait_until_settled(stack)
            if self.next_number % 2:
                return
            self.created.discard(stack)
            call(self.cloudformation.delete_stack, StackName=stack)
            self.deleted.add(stack)
            self.acknowledged += 1
        except Uncertain:
            if stack not in self.created:
                self.uncertain.add(stack)
            raise

    def status(self, stack):
        """The stack's status; None when it isn't there."""
        try:
            return call(self.cloudformation.describe_stacks,
                        StackName=stack)["Stacks"][0]["StackStatus"]
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise

    def wait_until_settled(self, stack):
        while True:
            status = self.status(stack)
            if status is None or not status.endswith("_IN_PROGRESS"):
                return status
            time.sleep(0.05)

    def verify(self):
        for stack in sorted(self.created):
            status = self.wait_until_settled(stack)
            if status is None:
                self.lost.append(stack)
                continue
            assert status in ("CREATE_COMPLETE", "ROLLBACK_COMPLETE"), f"{stack} is {status}"
            present = self.has_resources(stack)
            assert present == (status == "CREATE_COMPLETE"), f"{stack} is {status}: {present}"
            self.found += 1
        for stack in sorted(self.deleted):
            status = self.wait_until_settled(stack)
            assert status is None, f"{stack} is {status}"
            assert not self.has_resources(stack), f"{stack} left a resource"
            self.found += 2  # that it was made, and that it is gone
        for stack in sorted(self.uncertain):
            status = self.wait_until_settled(stack)
            assert status in (None, "CREATE_COMPLETE", "ROLLBACK_COMPLETE"), f"{stack} is {status}"

    def has_resources(self, stack):
        try:
            call(self.dynamodb.describe_table, TableName=stack)
            return True
        except self.dynamodb.exceptions.ResourceNotFoundException:
            return False
