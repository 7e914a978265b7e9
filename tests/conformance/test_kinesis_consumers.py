"""Registered consumers of streams (enhanced fan-out).

https://docs.aws.amazon.com/streams/latest/dev/building-enhanced-consumers-api.html
"""

import datetime
import time

import pytest

from errors import error_of


@pytest.fixture
def arn(one_shard, summary):
    return summary(one_shard)["StreamARN"]


def register(kinesis, arn, name="consumer", **more):
    return kinesis.register_stream_consumer(StreamARN=arn, ConsumerName=name, **more)["Consumer"]


def names(kinesis, arn, **more):
    return [c["ConsumerName"]
            for c in kinesis.list_stream_consumers(StreamARN=arn, **more)["Consumers"]]


# ---- RegisterStreamConsumer


def test_a_consumer_is_registered(kinesis, arn):
    before = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=5)
    consumer = register(kinesis, arn, "app")
    assert consumer["ConsumerName"] == "app"
    assert consumer["ConsumerStatus"] in ("CREATING", "ACTIVE")
    assert consumer["ConsumerCreationTimestamp"] > before
    created = int(consumer["ConsumerCreationTimestamp"].timestamp())
    assert consumer["ConsumerARN"] == f"{arn}/consumer/app:{created}"


def test_a_name_is_taken_once(kinesis, one_shard, arn):
    register(kinesis, arn, "app")
    code, message = error_of(kinesis.register_stream_consumer, StreamARN=arn, ConsumerName="app")
    assert code == "ResourceInUseException"
    assert message == (f"Consumer app under stream {one_shard} and account {arn.split(':')[4]} "
                       "already exists.")


def test_streams_do_not_share_names(kinesis, arn, make_stream, summary):
    other = summary(make_stream())["StreamARN"]
    # "consumer names don't have to be unique across data streams"
    first, second = register(kinesis, arn, "app"), register(kinesis, other, "app")
    assert first["ConsumerARN"] != second["ConsumerARN"]
    assert names(kinesis, arn) == names(kinesis, other) == ["app"]


@pytest.mark.parametrize("name", ["a", "A-b_c.d", "0", "x" * 128])
def test_what_a_name_may_be(kinesis, arn, name):
    assert register(kinesis, arn, name)["ConsumerName"] == name
    assert names(kinesis, arn) == [name]


def test_a_stream_must_be_there_to_be_consumed(kinesis, arn):
    code, message = error_of(kinesis.register_stream_consumer, StreamARN=f"{arn}-gone",
                             ConsumerName="app")
    assert code == "ResourceNotFoundException"
    assert message.endswith("-gone under account " + arn.split(":")[4] + " not found.")


def test_a_stream_has_twenty_consumers(kinesis, one_shard, arn):
    for i in range(20):
        register(kinesis, arn, f"c{i}")
    code, message = error_of(kinesis.register_stream_consumer, StreamARN=arn, ConsumerName="c20")
    assert code == "LimitExceededException"
    assert f"limit of 20 consumers for stream {one_shard}" in message
    # One that goes makes room for another.
    kinesis.deregister_stream_consumer(StreamARN=arn, ConsumerName="c3")
    register(kinesis, arn, "c20")
    assert len(names(kinesis, arn)) == 20


def test_a_consumer_is_registered_with_tags(kinesis, arn):
    consumer = register(kinesis, arn, Tags={"a": "1"})["ConsumerARN"]
    assert kinesis.list_tags_for_resource(ResourceARN=consumer)["Tags"] == [
        {"Key": "a", "Value": "1"}]


def test_a_consumer_is_not_registered_with_bad_tags(kinesis, arn):
    assert error_of(kinesis.register_stream_consumer, StreamARN=arn, ConsumerName="app",
                    Tags={"a!": "1"})[0] == "InvalidArgumentException"
    assert names(kinesis, arn) == []


def test_the_summary_counts_the_consumers(kinesis, one_shard, arn, summary):
    assert summary(one_shard)["ConsumerCount"] == 0
    register(kinesis, arn, "a")
    register(kinesis, arn, "b")
    assert summary(one_shard)["ConsumerCount"] == 2
    kinesis.deregister_stream_consumer(StreamARN=arn, ConsumerName="a")
    assert summary(one_shard)["ConsumerCount"] == 1


# ---- DescribeStreamConsumer


@pytest.mark.parametrize("by", ["arn", "name", "all"])
def test_a_consumer_is_described(kinesis, arn, by):
    consumer = register(kinesis, arn, "app")
    ways = {"arn": {"ConsumerARN": consumer["ConsumerARN"]},
            "name": {"StreamARN": arn, "ConsumerName": "app"}}
    ways["all"] = {**ways["arn"], **ways["name"]}
    described = kinesis.describe_stream_consumer(**ways[by])["ConsumerDescription"]
    assert described == {**consumer, "ConsumerStatus": "ACTIVE", "StreamARN": arn}


@pytest.mark.parametrize("operation", ["describe_stream_consumer", "deregister_stream_consumer"])
@pytest.mark.parametrize("given", [[], ["StreamARN"], ["ConsumerName"]])
def test_a_consumer_is_named_by_arn_or_by_stream_and_name(kinesis, arn, operation, given):
    arguments = {"StreamARN": arn, "ConsumerName": "app"}
    register(kinesis, arn, "app")
    assert error_of(getattr(kinesis, operation), **{key: arguments[key] for key in given})[0] == (
        "InvalidArgumentException")
    assert names(kinesis, arn) == ["app"]


@pytest.mark.parametrize("operation", ["describe_stream_consumer", "deregister_stream_consumer"])
@pytest.mark.parametrize("wrong", ["StreamARN", "ConsumerName"])
def test_the_ways_to_name_a_consumer_must_agree(kinesis, arn, operation, wrong):
    # "You may also provide all three parameters, as long as they don't conflict with each other."
    consumer = register(kinesis, arn, "app")["ConsumerARN"]
    arguments = {"StreamARN": arn, "ConsumerName": "app", "ConsumerARN": consumer}
    arguments[wrong] += "-other"
    assert error_of(getattr(kinesis, operation), **arguments)[0] == "InvalidArgumentException"
    assert names(kinesis, arn) == ["app"]


@pytest.mark.parametrize("operation", ["describe_stream_consumer", "deregister_stream_consumer"])
def test_a_consumer_must_be_there(kinesis, arn, operation):
    call = getattr(kinesis, operation)
    account = arn.split(":")[4]
    missing = f"{arn}/consumer/app:1700000000"
    assert error_of(call, ConsumerARN=missing) == (
        "ResourceNotFoundException", f"Consumer {missing}, account {account} not found.")
    assert error_of(call, StreamARN=arn, ConsumerName="app") == (
        "ResourceNotFoundException", f"Consumer app, account {account} not found.")


# ---- DeregisterStreamConsumer


@pytest.mark.parametrize("by", ["arn", "name", "all"])
def test_a_consumer_is_deregistered(kinesis, arn, by):
    consumer = register(kinesis, arn, "app")["ConsumerARN"]
    ways = {"arn": {"ConsumerARN": consumer}, "name": {"StreamARN": arn, "ConsumerName": "app"}}
    ways["all"] = {**ways["arn"], **ways["name"]}
    kinesis.deregister_stream_consumer(**ways[by])
    assert names(kinesis, arn) == []
    assert error_of(kinesis.describe_stream_consumer, ConsumerARN=consumer)[0] == (
        "ResourceNotFoundException")


def test_a_consumer_registered_again_is_another(kinesis, arn):
    # "If you delete a consumer and then create a new one with the same name, it won't have the same
    # ARN. That's because consumer ARNs contain the creation timestamp."
    first = register(kinesis, arn, "app")["ConsumerARN"]
    kinesis.deregister_stream_consumer(ConsumerARN=first)
    time.sleep(1.1)
    second = register(kinesis, arn, "app")["ConsumerARN"]
    assert first != second
    assert error_of(kinesis.describe_stream_consumer, ConsumerARN=first)[0] == (
        "ResourceNotFoundException")
    assert kinesis.describe_stream_consumer(ConsumerARN=second)["ConsumerDescription"][
        "ConsumerName"] == "app"


def test_a_consumer_registered_again_has_no_tags(kinesis, arn):
    register(kinesis, arn, "app", Tags={"old": "1"})
    kinesis.deregister_stream_consumer(StreamARN=arn, ConsumerName="app")
    second = register(kinesis, arn, "app")["ConsumerARN"]
    assert kinesis.list_tags_for_resource(ResourceARN=second)["Tags"] == []


# ---- ListStreamConsumers


def test_consumers_are_listed(kinesis, arn):
    assert names(kinesis, arn) == []
    consumers = [register(kinesis, arn, name) for name in ("b", "a")]
    listed = kinesis.list_stream_consumers(StreamARN=arn)
    assert "NextToken" not in listed
    for consumer in consumers:
        assert {**consumer, "ConsumerStatus": "ACTIVE"} in listed["Consumers"]


def test_consumers_are_listed_in_pages(kinesis, arn):
    expected = sorted(register(kinesis, arn, f"c{i}")["ConsumerName"] for i in range(5))
    page = kinesis.list_stream_consumers(StreamARN=arn, MaxResults=2)
    seen = [c["ConsumerName"] for c in page["Consumers"]]
    assert len(seen) == 2
    while "NextToken" in page:
        page = kinesis.list_stream_consumers(StreamARN=arn, MaxResults=2,
                                             NextToken=page["NextToken"])
        seen += [c["ConsumerName"] for c in page["Consumers"]]
    assert sorted(seen) == expected


def test_the_paginator_lists_all_consumers(kinesis, arn):
    for i in range(5):
        register(kinesis, arn, f"c{i}")
    pages = kinesis.get_paginator("list_stream_consumers").paginate(
        StreamARN=arn, PaginationConfig={"PageSize": 2})
    assert sorted(c["ConsumerName"] for page in pages for c in page["Consumers"]) == [
        f"c{i}" for i in range(5)]


def test_a_page_that_ends_with_the_last_consumer_has_no_token(kinesis, arn):
    register(kinesis, arn, "a")
    register(kinesis, arn, "b")
    assert "NextToken" not in kinesis.list_stream_consumers(StreamARN=arn, MaxResults=2)


@pytest.mark.parametrize("token", ["nonsense", "bm9uc2Vuc2U="])
def test_a_token_must_be_one_that_was_given(kinesis, arn, token):
    assert error_of(kinesis.list_stream_consumers, StreamARN=arn, NextToken=token) == (
        "InvalidArgumentException", "NextToken is invalid.")


def test_a_token_is_of_one_stream(kinesis, arn, make_stream, summary):
    register(kinesis, arn, "a")
    register(kinesis, arn, "b")
    token = kinesis.list_stream_consumers(StreamARN=arn, MaxResults=1)["NextToken"]
    other = summary(make_stream())["StreamARN"]
    assert error_of(kinesis.list_stream_consumers, StreamARN=other, NextToken=token)[0] == (
        "InvalidArgumentException")


def test_the_creation_tells_streams_of_one_name_apart(kinesis, arn, one_shard, summary):
    register(kinesis, arn, "a")
    created = summary(one_shard)["StreamCreationTimestamp"]
    assert names(kinesis, arn, StreamCreationTimestamp=created) == ["a"]
    assert error_of(kinesis.list_stream_consumers, StreamARN=arn,
                    StreamCreationTimestamp=created - datetime.timedelta(days=1))[0] == (
        "ResourceNotFoundException")


def test_the_creation_does_not_go_with_a_token(kinesis, arn, one_shard, summary):
    # "You can't specify this parameter if you specify the NextToken parameter."
    register(kinesis, arn, "a")
    register(kinesis, arn, "b")
    token = kinesis.list_stream_consumers(StreamARN=arn, MaxResults=1)["NextToken"]
    created = summary(one_shard)["StreamCreationTimestamp"]
    assert error_of(kinesis.list_stream_consumers, StreamARN=arn, NextToken=token,
                    StreamCreationTimestamp=created)[0] == "InvalidArgumentException"


def test_a_stream_must_be_there_to_list_its_consumers(kinesis, arn):
    assert error_of(kinesis.list_stream_consumers, StreamARN=f"{arn}-gone")[0] == (
        "ResourceNotFoundException")


# ---- DeleteStream with consumers
# https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DeleteStream.html


@pytest.mark.parametrize("enforce", [{}, {"EnforceConsumerDeletion": False}])
def test_a_stream_with_consumers_is_not_deleted(kinesis, one_shard, arn, summary, enforce):
    register(kinesis, arn, "app")
    code, message = error_of(kinesis.delete_stream, StreamName=one_shard, **enforce)
    assert code == "ResourceInUseException"
    assert message.startswith(f"Stream {one_shard} under account ")
    assert summary(one_shard)["StreamStatus"] == "ACTIVE"
    kinesis.deregister_stream_consumer(StreamARN=arn, ConsumerName="app")
    kinesis.delete_stream(StreamName=one_shard, **enforce)


def test_a_stream_is_deleted_with_its_consumers(kinesis, one_shard, arn):
    consumer = register(kinesis, arn, "app")["ConsumerARN"]
    kinesis.delete_stream(StreamName=one_shard, EnforceConsumerDeletion=True)
    kinesis.get_waiter("stream_not_exists").wait(StreamName=one_shard, WaiterConfig={"Delay": 1})
    assert error_of(kinesis.describe_stream_consumer, ConsumerARN=consumer)[0] == (
        "ResourceNotFoundException")
    # A stream made again has none of the old one's consumers.
    kinesis.create_stream(StreamName=one_shard, ShardCount=1)
    assert names(kinesis, arn) == []
