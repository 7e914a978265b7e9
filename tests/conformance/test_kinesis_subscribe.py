"""Enhanced fan-out: records are pushed to a consumer.

https://docs.aws.amazon.com/kinesis/latest/APIReference/API_SubscribeToShard.html
"""

import itertools

import pytest
from botocore.exceptions import EventStreamError

from errors import error_of

SHARD = "shardId-000000000000"


@pytest.fixture
def stream(one_shard):
    return one_shard


@pytest.fixture
def consumer(kinesis, stream, summary):
    """The ARN of a registered consumer that is ACTIVE."""
    arn = summary(stream)["StreamARN"]
    made = kinesis.register_stream_consumer(StreamARN=arn, ConsumerName="reader")["Consumer"]
    while kinesis.describe_stream_consumer(ConsumerARN=made["ConsumerARN"])[
            "ConsumerDescription"]["ConsumerStatus"] != "ACTIVE":
        pass
    return made["ConsumerARN"]


def subscribe(kinesis, consumer, shard=SHARD, **position):
    position.setdefault("Type", "TRIM_HORIZON")
    answer = kinesis.subscribe_to_shard(ConsumerARN=consumer, ShardId=shard,
                                        StartingPosition=position)
    return answer["EventStream"]


def events(stream):
    for event in stream:
        yield event["SubscribeToShardEvent"]


def data_of(stream, count):
    """The data of the next so many records."""
    records = itertools.chain.from_iterable(event["Records"] for event in events(stream))
    return [record["Data"] for record in itertools.islice(records, count)]


def put(kinesis, stream, *data):
    return [kinesis.put_record(StreamName=stream, PartitionKey="k", Data=each) for each in data]


def test_records_that_are_there_come_first(kinesis, stream, consumer):
    put(kinesis, stream, "a", "b", "c")
    assert data_of(subscribe(kinesis, consumer), 3) == [b"a", b"b", b"c"]


def test_records_come_as_they_are_put(kinesis, stream, consumer):
    subscription = subscribe(kinesis, consumer, Type="LATEST")
    first = next(events(subscription))
    assert first["Records"] == []
    assert first["MillisBehindLatest"] == 0
    put(kinesis, stream, "x")
    assert data_of(subscription, 1) == [b"x"]


def test_an_event_carries_what_getrecords_gives(kinesis, stream, consumer):
    sent = put(kinesis, stream, "a")[0]
    event = next(events(subscribe(kinesis, consumer)))
    record = event["Records"][0]
    assert record["SequenceNumber"] == sent["SequenceNumber"]
    assert record["PartitionKey"] == "k"
    assert "ApproximateArrivalTimestamp" in record
    assert event["ContinuationSequenceNumber"] == sent["SequenceNumber"]
    assert "ChildShards" not in event


@pytest.mark.parametrize("kind, expected", [("AT_SEQUENCE_NUMBER", [b"b", b"c"]),
                                            ("AFTER_SEQUENCE_NUMBER", [b"c"])])
def test_a_subscription_begins_at_a_sequence_number(kinesis, stream, consumer, kind, expected):
    sent = put(kinesis, stream, "a", "b", "c")
    subscription = subscribe(kinesis, consumer, Type=kind, SequenceNumber=sent[1]["SequenceNumber"])
    assert data_of(subscription, len(expected)) == expected


def test_a_continuation_goes_on_where_it_was(kinesis, stream, consumer, summary):
    put(kinesis, stream, "a", "b")
    event = next(events(subscribe(kinesis, consumer)))
    put(kinesis, stream, "c")
    # Another consumer's, for this one's subscription is too young to be taken over.
    arn = summary(stream)["StreamARN"]
    other = kinesis.register_stream_consumer(StreamARN=arn, ConsumerName="other")["Consumer"]
    subscription = subscribe(kinesis, other["ConsumerARN"], Type="AFTER_SEQUENCE_NUMBER",
                             SequenceNumber=event["ContinuationSequenceNumber"])
    assert data_of(subscription, 1) == [b"c"]


def test_the_last_event_of_a_closed_shard_names_its_children(kinesis, stream, consumer):
    put(kinesis, stream, "a")
    subscription = subscribe(kinesis, consumer)
    kinesis.split_shard(StreamName=stream, ShardToSplit=SHARD, NewStartingHashKey=str(2**127))
    everything = list(events(subscription))
    assert [record["Data"] for event in everything for record in event["Records"]] == [b"a"]
    # At the end there is nothing to go on with, which is how the KCL knows it.
    assert "ContinuationSequenceNumber" not in everything[-1]
    assert [child["ShardId"] for child in everything[-1]["ChildShards"]] == [
        "shardId-000000000001", "shardId-000000000002"]
    assert everything[-1]["ChildShards"][0]["ParentShards"] == [SHARD]


def test_two_consumers_get_every_record(kinesis, stream, consumer, summary):
    arn = summary(stream)["StreamARN"]
    other = kinesis.register_stream_consumer(StreamARN=arn, ConsumerName="other")["Consumer"]
    subscriptions = [subscribe(kinesis, each) for each in (consumer, other["ConsumerARN"])]
    put(kinesis, stream, "a", "b")
    for subscription in subscriptions:
        assert data_of(subscription, 2) == [b"a", b"b"]


def test_a_second_subscription_within_five_seconds_is_refused(kinesis, consumer):
    first = subscribe(kinesis, consumer)
    next(events(first))
    code, message = error_of(subscribe, kinesis=kinesis, consumer=consumer)
    assert code == "ResourceInUseException"
    assert message.startswith("Another active subscription exists for this consumer: ")


def test_a_deregistered_consumers_subscription_ends_with_an_error(kinesis, stream, consumer):
    subscription = subscribe(kinesis, consumer, Type="LATEST")
    next(events(subscription))
    kinesis.deregister_stream_consumer(ConsumerARN=consumer)
    put(kinesis, stream, "x")
    with pytest.raises(EventStreamError, match="ResourceNotFoundException"):
        list(events(subscription))


def test_a_consumer_that_is_not_there_is_not_found(kinesis, consumer):
    code, _ = error_of(subscribe, kinesis=kinesis,
                       consumer=consumer.replace("/reader:", "/nobody:"))
    assert code == "ResourceNotFoundException"


def test_a_shard_that_is_not_there_is_not_found(kinesis, stream, consumer):
    code, message = error_of(subscribe, kinesis=kinesis, consumer=consumer,
                             shard="shardId-000000000007")
    assert code == "ResourceNotFoundException"
    assert message.startswith(f"Shard shardId-000000000007 in stream {stream} under account ")


@pytest.mark.parametrize("position", [
    {"Type": "AT_SEQUENCE_NUMBER"}, {"Type": "AT_TIMESTAMP"},
    {"Type": "LATEST", "SequenceNumber": "49590338271490256608559692538361571095921575989136588898"}])
def test_a_position_needs_what_belongs_to_its_type(kinesis, consumer, position):
    code, _ = error_of(subscribe, kinesis=kinesis, consumer=consumer, **position)
    assert code == "InvalidArgumentException"


def test_a_dry_run_subscribes_nothing(kinesis, consumer):
    code, message = error_of(kinesis.subscribe_to_shard, ConsumerARN=consumer, ShardId=SHARD,
                            StartingPosition={"Type": "LATEST"}, DryRun=True)
    assert code == "DryRunOperationException"
    assert message == "Request would have succeeded, but DryRun flag is set."
    next(events(subscribe(kinesis, consumer)))
