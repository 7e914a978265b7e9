"""How streams are made, listed, described and deleted."""

import re

import pytest

from errors import error_of

ON_DEMAND = {"StreamMode": "ON_DEMAND"}


# ---- CreateStream


@pytest.mark.parametrize("count", [1, 2, 3, 7, 50])
def test_shards_divide_the_hash_space(kinesis, make_stream, count):
    shards = kinesis.list_shards(StreamName=make_stream(ShardCount=count))["Shards"]
    bounds = [(int(s["HashKeyRange"]["StartingHashKey"]), int(s["HashKeyRange"]["EndingHashKey"]))
              for s in shards]
    assert len(bounds) == count
    assert bounds[0][0] == 0 and bounds[-1][1] == 2**128 - 1
    assert all(end + 1 == start for (_, end), (start, _) in zip(bounds, bounds[1:]))


def test_a_mode_may_be_given_with_shards(make_stream, summary):
    described = summary(make_stream(ShardCount=2, StreamModeDetails={"StreamMode": "PROVISIONED"}))
    assert described["StreamModeDetails"] == {"StreamMode": "PROVISIONED"}
    assert described["OpenShardCount"] == 2


def test_an_on_demand_stream_has_no_shard_count(kinesis, unique_name):
    code, message = error_of(kinesis.create_stream, StreamName=unique_name(), ShardCount=2,
                             StreamModeDetails=ON_DEMAND)
    assert code == "InvalidArgumentException"
    assert "ShardCount" in message


@pytest.mark.parametrize("name", ["a", "A.b-c_d", "9", "-", "x" * 128])
def test_what_a_name_may_be(kinesis, summary, name):
    kinesis.create_stream(StreamName=name, ShardCount=1)
    assert summary(name)["StreamName"] == name
    kinesis.delete_stream(StreamName=name)


def test_a_name_is_taken_once_in_a_region(kinesis, client, one_shard):
    code, message = error_of(kinesis.create_stream, StreamName=one_shard, ShardCount=1)
    assert code == "ResourceInUseException"
    assert re.fullmatch(rf"Stream {one_shard} under account \d{{12}} already exists\.", message)
    elsewhere = client("kinesis", region_name="eu-west-1")
    elsewhere.create_stream(StreamName=one_shard, ShardCount=1)
    elsewhere.delete_stream(StreamName=one_shard)


def test_warm_throughput_needs_an_on_demand_stream(kinesis, unique_name):
    code, message = error_of(kinesis.create_stream, StreamName=unique_name(), ShardCount=1,
                             WarmThroughputMiBps=10)
    assert code == "InvalidArgumentException"
    assert "ON_DEMAND" in message


# ---- DescribeStream, DescribeStreamSummary
# https://docs.aws.amazon.com/kinesis/latest/APIReference/API_StreamDescriptionSummary.html


def test_a_description_has_all_of_it(kinesis, one_shard, summary):
    described = kinesis.describe_stream(StreamName=one_shard)["StreamDescription"]
    assert sorted(described) == [
        "EncryptionType", "EnhancedMonitoring", "HasMoreShards", "RetentionPeriodHours", "Shards",
        "StreamARN", "StreamCreationTimestamp", "StreamModeDetails", "StreamName", "StreamStatus"]
    short = summary(one_shard)
    assert sorted(short) == [
        "ConsumerCount", "EncryptionType", "EnhancedMonitoring", "MaxRecordSizeInKiB",
        "OpenShardCount", "RetentionPeriodHours", "StreamARN", "StreamCreationTimestamp",
        "StreamId", "StreamModeDetails", "StreamName", "StreamStatus"]
    for key in set(described) & set(short):
        assert described[key] == short[key]


@pytest.mark.parametrize("operation", ["describe_stream", "describe_stream_summary", "list_shards",
                                       "list_tags_for_stream"])
def test_the_arn_names_a_stream_too(kinesis, one_shard, summary, operation):
    call = getattr(kinesis, operation)
    by_name, by_arn = call(StreamName=one_shard), call(StreamARN=summary(one_shard)["StreamARN"])
    by_name.pop("ResponseMetadata"), by_arn.pop("ResponseMetadata")
    assert by_name == by_arn


@pytest.mark.parametrize("operation", ["describe_stream", "describe_stream_summary", "list_shards",
                                       "list_tags_for_stream", "delete_stream"])
def test_name_and_arn_must_agree(kinesis, one_shard, summary, operation):
    assert error_of(getattr(kinesis, operation), StreamName="another",
                    StreamARN=summary(one_shard)["StreamARN"])[0] == "InvalidArgumentException"


@pytest.mark.parametrize("operation", ["describe_stream", "describe_stream_summary", "list_shards",
                                       "list_tags_for_stream", "delete_stream"])
def test_a_stream_must_be_named(kinesis, operation):
    assert error_of(getattr(kinesis, operation))[0] == "InvalidArgumentException"


@pytest.mark.parametrize("operation", ["describe_stream", "describe_stream_summary", "list_shards",
                                       "delete_stream"])
def test_a_stream_must_be_there(kinesis, one_shard, summary, operation):
    account = summary(one_shard)["StreamARN"].split(":")[4]
    assert error_of(getattr(kinesis, operation), StreamName="no-such-stream") == (
        "ResourceNotFoundException", f"Stream no-such-stream under account {account} not found.")


def test_shards_are_described_in_pages(kinesis, make_stream):
    name = make_stream(ShardCount=5)
    first = kinesis.describe_stream(StreamName=name, Limit=3)["StreamDescription"]
    assert len(first["Shards"]) == 3 and first["HasMoreShards"] is True
    rest = kinesis.describe_stream(
        StreamName=name,
        ExclusiveStartShardId=first["Shards"][-1]["ShardId"])["StreamDescription"]
    assert [s["ShardId"] for s in rest["Shards"]] == ["shardId-000000000003",
                                                     "shardId-000000000004"]
    assert rest["HasMoreShards"] is False


def test_a_description_has_a_hundred_shards_at_most(kinesis, make_stream):
    # "If you specify a value greater than 100, at most 100 results are returned."
    name = make_stream(ShardCount=101)
    for limit in ({}, {"Limit": 101}, {"Limit": 10000}):
        described = kinesis.describe_stream(StreamName=name, **limit)["StreamDescription"]
        assert len(described["Shards"]) == 100
        assert described["HasMoreShards"] is True


def test_the_paginator_describes_all_shards(kinesis, make_stream):
    pages = kinesis.get_paginator("describe_stream").paginate(
        StreamName=make_stream(ShardCount=5), PaginationConfig={"PageSize": 2})
    assert [s["ShardId"] for page in pages for s in page["StreamDescription"]["Shards"]] == [
        f"shardId-{i:012}" for i in range(5)]


# ---- ListStreams
# https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListStreams.html


def test_streams_are_listed_with_summaries(kinesis, make_stream, summary, unique_name):
    name = make_stream(StreamModeDetails=ON_DEMAND)
    listed = kinesis.list_streams(ExclusiveStartStreamName=name[:-1], Limit=1)
    assert listed["StreamNames"] == [name]
    short = summary(name)
    assert listed["StreamSummaries"] == [{
        key: short[key] for key in ("StreamName", "StreamARN", "StreamStatus", "StreamModeDetails",
                                    "StreamCreationTimestamp")}]


def test_a_token_leads_to_the_next_streams(kinesis, make_stream):
    made = sorted(make_stream() for _ in range(3))
    seen, token = [], {}
    while True:
        page = kinesis.list_streams(Limit=1, **token)
        seen += page["StreamNames"]
        assert page["HasMoreStreams"] is ("NextToken" in page)
        if not page["HasMoreStreams"]:
            break
        token = {"NextToken": page["NextToken"]}
    assert [name for name in seen if name in made] == made
    assert seen == sorted(seen)


def test_the_paginator_lists_all_streams(kinesis, make_stream):
    made = {make_stream() for _ in range(3)}
    pages = kinesis.get_paginator("list_streams").paginate(PaginationConfig={"PageSize": 2})
    assert made <= {name for page in pages for name in page["StreamNames"]}


def test_a_listing_has_a_hundred_streams_at_most(kinesis, make_stream):
    # "If you specify a value greater than 100, at most 100 results are returned."
    for _ in range(101):
        make_stream()
    for limit in ({}, {"Limit": 101}, {"Limit": 10000}):
        page = kinesis.list_streams(**limit)
        assert len(page["StreamNames"]) == 100
        assert page["HasMoreStreams"] is True


def test_a_token_must_be_one_that_was_given(kinesis):
    assert error_of(kinesis.list_streams, NextToken="no token") == (
        "InvalidArgumentException", "NextToken is invalid.")


def test_behind_the_last_stream_there_is_none(kinesis):
    page = kinesis.list_streams(ExclusiveStartStreamName="z" * 128)
    assert page["StreamNames"] == [] and page["StreamSummaries"] == []
    assert page["HasMoreStreams"] is False


# ---- DeleteStream


def test_a_deleted_stream_is_not_listed(kinesis, make_stream):
    name = make_stream()
    kinesis.delete_stream(StreamName=name)
    kinesis.get_waiter("stream_not_exists").wait(StreamName=name, WaiterConfig={"Delay": 1})
    assert name not in kinesis.list_streams(ExclusiveStartStreamName=name[:-1])["StreamNames"]


def test_a_stream_is_deleted_through_its_arn(kinesis, one_shard, summary):
    kinesis.delete_stream(StreamARN=summary(one_shard)["StreamARN"])
    kinesis.get_waiter("stream_not_exists").wait(StreamName=one_shard, WaiterConfig={"Delay": 1})


def test_a_stream_made_again_is_another(kinesis, one_shard, summary):
    first = summary(one_shard)
    kinesis.delete_stream(StreamName=one_shard)
    kinesis.get_waiter("stream_not_exists").wait(StreamName=one_shard, WaiterConfig={"Delay": 1})
    kinesis.create_stream(StreamName=one_shard, ShardCount=1)
    assert summary(one_shard)["StreamId"] != first["StreamId"]
    assert summary(one_shard)["StreamARN"] == first["StreamARN"]


def test_a_stream_made_again_has_the_settings_of_a_new_one(kinesis, make_stream, summary):
    name = make_stream(MaxRecordSizeInKiB=2048)
    kinesis.increase_stream_retention_period(StreamName=name, RetentionPeriodHours=48)
    kinesis.enable_enhanced_monitoring(StreamName=name, ShardLevelMetrics=["ALL"])
    kinesis.delete_stream(StreamName=name)
    kinesis.get_waiter("stream_not_exists").wait(StreamName=name, WaiterConfig={"Delay": 1})
    kinesis.create_stream(StreamName=name, ShardCount=1)
    described = summary(name)
    assert described["MaxRecordSizeInKiB"] == 1024
    assert described["RetentionPeriodHours"] == 24
    assert described["EnhancedMonitoring"] == [{"ShardLevelMetrics": []}]
