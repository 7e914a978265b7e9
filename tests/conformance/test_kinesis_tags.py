"""Tags of streams and consumers.

https://docs.aws.amazon.com/streams/latest/dev/tagging.html
"""

import pytest

from errors import error_of

MISSING = "no-such-stream"
INVALID_CHARACTERS = ("Some tags contain invalid characters. Valid characters: Unicode letters, "
                      "digits, white space, _ . / = + - % @ :.")


@pytest.fixture(params=["stream", "consumer"])
def arn(request, kinesis, one_shard, summary):
    """Of a stream, and of a consumer."""
    stream = summary(one_shard)["StreamARN"]
    if request.param == "stream":
        return stream
    return kinesis.register_stream_consumer(
        StreamARN=stream, ConsumerName="tagged")["Consumer"]["ConsumerARN"]


def tags_of(kinesis, name):
    return {tag["Key"]: tag["Value"]
            for tag in kinesis.list_tags_for_stream(StreamName=name)["Tags"]}


def resource_tags(kinesis, arn):
    return {tag["Key"]: tag["Value"]
            for tag in kinesis.list_tags_for_resource(ResourceARN=arn)["Tags"]}


# ---- AddTagsToStream, RemoveTagsFromStream, ListTagsForStream


def test_a_new_stream_has_no_tags(kinesis, one_shard):
    answer = kinesis.list_tags_for_stream(StreamName=one_shard)
    assert answer["Tags"] == []
    assert answer["HasMoreTags"] is False


def test_tags_are_added_and_overwritten(kinesis, one_shard):
    kinesis.add_tags_to_stream(StreamName=one_shard, Tags={"a": "1", "b": "2"})
    kinesis.add_tags_to_stream(StreamName=one_shard, Tags={"b": "3", "c": ""})
    assert tags_of(kinesis, one_shard) == {"a": "1", "b": "3", "c": ""}


def test_tags_are_removed(kinesis, one_shard):
    kinesis.add_tags_to_stream(StreamName=one_shard, Tags={"a": "1", "b": "2", "c": "3"})
    # "If you specify a tag that does not exist, it is ignored."
    kinesis.remove_tags_from_stream(StreamName=one_shard, TagKeys=["a", "c", "missing"])
    assert tags_of(kinesis, one_shard) == {"b": "2"}


def test_tags_are_changed_through_the_arn(kinesis, one_shard, summary):
    stream = summary(one_shard)["StreamARN"]
    kinesis.add_tags_to_stream(StreamARN=stream, Tags={"a": "1", "b": "2"})
    kinesis.remove_tags_from_stream(StreamARN=stream, TagKeys=["a"])
    assert kinesis.list_tags_for_stream(StreamARN=stream)["Tags"] == [{"Key": "b", "Value": "2"}]


def test_tags_are_listed_in_pages_by_key(kinesis, one_shard):
    kinesis.add_tags_to_stream(StreamName=one_shard, Tags={f"k{i}": str(i) for i in range(5)})
    page = kinesis.list_tags_for_stream(StreamName=one_shard, Limit=2)
    assert [tag["Key"] for tag in page["Tags"]] == ["k0", "k1"]
    assert page["HasMoreTags"] is True
    page = kinesis.list_tags_for_stream(StreamName=one_shard, ExclusiveStartTagKey="k1", Limit=3)
    assert [tag["Key"] for tag in page["Tags"]] == ["k2", "k3", "k4"]
    assert page["HasMoreTags"] is False


def test_a_listing_goes_on_behind_a_key_that_is_not_there(kinesis, one_shard):
    kinesis.add_tags_to_stream(StreamName=one_shard, Tags={"a": "1", "c": "3"})
    page = kinesis.list_tags_for_stream(StreamName=one_shard, ExclusiveStartTagKey="b")
    assert [tag["Key"] for tag in page["Tags"]] == ["c"]


def test_streams_are_made_with_tags(kinesis, make_stream):
    name = make_stream(Tags={"team": "data", "cost": "1"})
    assert tags_of(kinesis, name) == {"team": "data", "cost": "1"}


def test_a_stream_made_again_has_no_tags(kinesis, make_stream):
    name = make_stream(Tags={"old": "1"})
    kinesis.delete_stream(StreamName=name)
    kinesis.get_waiter("stream_not_exists").wait(StreamName=name, WaiterConfig={"Delay": 1})
    kinesis.create_stream(StreamName=name, ShardCount=1)
    assert tags_of(kinesis, name) == {}


@pytest.mark.parametrize("key, value", [
    ("Ünïcode ключ 鍵", "значение"),
    ("a b", "with white space"),
    ("a_b.c/d=e+f-g@h:i", "_./=+-@:"),
    ("k" * 128, "v" * 256),
    ("key", ""),
])
def test_what_tags_may_be(kinesis, one_shard, key, value):
    kinesis.add_tags_to_stream(StreamName=one_shard, Tags={key: value})
    assert tags_of(kinesis, one_shard) == {key: value}


@pytest.mark.parametrize("tags", [
    {"a*": "1"}, {"a": "1!"}, {"a": "<b>"}, {"#": "1"}, {"a": "1;2"}, {"a,b": "1"}, {"a": "(1)"},
])
def test_characters_that_tags_may_not_have(kinesis, one_shard, tags):
    assert error_of(kinesis.add_tags_to_stream, StreamName=one_shard, Tags=tags) == (
        "InvalidArgumentException", INVALID_CHARACTERS)
    assert tags_of(kinesis, one_shard) == {}


def test_one_bad_tag_keeps_all_of_them_out(kinesis, one_shard):
    code, _ = error_of(kinesis.add_tags_to_stream, StreamName=one_shard,
                       Tags={"good": "1", "bad!": "2"})
    assert code == "InvalidArgumentException"
    assert tags_of(kinesis, one_shard) == {}


def test_a_key_to_remove_has_valid_characters_too(kinesis, one_shard):
    assert error_of(kinesis.remove_tags_from_stream, StreamName=one_shard, TagKeys=["a*"]) == (
        "InvalidArgumentException", INVALID_CHARACTERS)


@pytest.mark.parametrize("key", ["aws:", "aws:cloudformation:stack-name"])
def test_keys_of_aws_are_reserved(kinesis, one_shard, key):
    code, message = error_of(kinesis.add_tags_to_stream, StreamName=one_shard, Tags={key: "1"})
    assert code == "InvalidArgumentException"
    assert message.startswith(f"Failed to add tags to stream {one_shard} under account ")


def test_aws_may_begin_a_value(kinesis, one_shard):
    kinesis.add_tags_to_stream(StreamName=one_shard, Tags={"AWS:a": "aws:b"})
    assert tags_of(kinesis, one_shard) == {"AWS:a": "aws:b"}


def test_a_stream_has_fifty_tags_at_most(kinesis, one_shard):
    kinesis.add_tags_to_stream(StreamName=one_shard, Tags={f"k{i}": "" for i in range(50)})
    # Those that are there may still be changed.
    kinesis.add_tags_to_stream(StreamName=one_shard, Tags={"k0": "changed"})
    code, message = error_of(kinesis.add_tags_to_stream, StreamName=one_shard, Tags={"k50": ""})
    assert code == "InvalidArgumentException"
    assert message.startswith(f"Failed to add tags to stream {one_shard} under account ")
    assert message.endswith(
        " because a given stream cannot have more than 50 tags associated with it.")
    assert len(tags_of(kinesis, one_shard)) == 50


def test_a_stream_is_not_made_with_more_than_fifty_tags(kinesis, unique_name):
    name = unique_name("stream")
    code, message = error_of(kinesis.create_stream, StreamName=name, ShardCount=1,
                             Tags={f"k{i}": "" for i in range(51)})
    assert code == "InvalidArgumentException"
    assert "cannot have more than 50 tags" in message
    assert error_of(kinesis.describe_stream, StreamName=name)[0] == "ResourceNotFoundException"


@pytest.mark.parametrize("operation, arguments", [
    ("add_tags_to_stream", {"Tags": {"a": "1"}}),
    ("remove_tags_from_stream", {"TagKeys": ["a"]}),
    ("list_tags_for_stream", {}),
])
def test_a_stream_must_be_there_to_have_tags(kinesis, operation, arguments):
    code, message = error_of(getattr(kinesis, operation), StreamName=MISSING, **arguments)
    assert code == "ResourceNotFoundException"
    assert message.startswith(f"Stream {MISSING} under account ")
    assert message.endswith(" not found.")


# ---- TagResource, UntagResource, ListTagsForResource


def test_a_resource_is_tagged(kinesis, arn):
    assert resource_tags(kinesis, arn) == {}
    kinesis.tag_resource(ResourceARN=arn, Tags={"a": "1", "b": "2"})
    kinesis.tag_resource(ResourceARN=arn, Tags={"b": "3"})
    assert resource_tags(kinesis, arn) == {"a": "1", "b": "3"}


def test_a_resource_is_untagged(kinesis, arn):
    kinesis.tag_resource(ResourceARN=arn, Tags={"a": "1", "b": "2"})
    kinesis.untag_resource(ResourceARN=arn, TagKeys=["a", "missing"])
    assert resource_tags(kinesis, arn) == {"b": "2"}


def test_a_resource_has_fifty_tags_at_most(kinesis, arn):
    kinesis.tag_resource(ResourceARN=arn, Tags={f"k{i}": "" for i in range(50)})
    code, message = error_of(kinesis.tag_resource, ResourceARN=arn, Tags={"k50": ""})
    assert code == "InvalidArgumentException"
    assert "cannot have more than 50 tags" in message


def test_a_resource_takes_valid_characters_only(kinesis, arn):
    assert error_of(kinesis.tag_resource, ResourceARN=arn, Tags={"a!": ""}) == (
        "InvalidArgumentException", INVALID_CHARACTERS)
    assert error_of(kinesis.untag_resource, ResourceARN=arn, TagKeys=["a!"]) == (
        "InvalidArgumentException", INVALID_CHARACTERS)


def test_both_ways_see_a_streams_tags(kinesis, one_shard, summary):
    stream = summary(one_shard)["StreamARN"]
    kinesis.add_tags_to_stream(StreamName=one_shard, Tags={"by-name": "1"})
    kinesis.tag_resource(ResourceARN=stream, Tags={"by-arn": "2"})
    assert tags_of(kinesis, one_shard) == resource_tags(kinesis, stream) == {
        "by-name": "1", "by-arn": "2"}


def test_a_consumers_tags_are_not_the_streams(kinesis, one_shard, summary):
    stream = summary(one_shard)["StreamARN"]
    consumer = kinesis.register_stream_consumer(
        StreamARN=stream, ConsumerName="c", Tags={"of": "consumer"})["Consumer"]["ConsumerARN"]
    assert resource_tags(kinesis, consumer) == {"of": "consumer"}
    assert resource_tags(kinesis, stream) == {}


@pytest.mark.parametrize("operation, arguments", [
    ("tag_resource", {"Tags": {"a": "1"}}),
    ("untag_resource", {"TagKeys": ["a"]}),
    ("list_tags_for_resource", {}),
])
@pytest.mark.parametrize("rest, message", [
    ("", "Stream {name}-gone under account {account} not found."),
    ("/consumer/c:1700000000",
     "Consumer {arn}-gone/consumer/c:1700000000, account {account} not found."),
])
def test_a_resource_must_be_there(kinesis, one_shard, summary, operation, arguments, rest, message):
    stream = summary(one_shard)["StreamARN"]
    assert error_of(getattr(kinesis, operation), ResourceARN=f"{stream}-gone{rest}",
                    **arguments) == (
        "ResourceNotFoundException",
        message.format(name=one_shard, arn=stream, account=stream.split(":")[4]))
