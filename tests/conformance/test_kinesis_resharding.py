"""Splits, merges and new shard counts, as a client sees them.

https://docs.aws.amazon.com/streams/latest/dev/kinesis-using-sdk-java-resharding.html
"""

import datetime
import threading

import pytest

from errors import error_of

HASH_KEY_MAX = 2**128 - 1
MIDDLE = str(2**127)


@pytest.fixture
def stream(make_stream):
    """stream(2) makes a stream of so many shards and gives its name."""
    return lambda shards=1: make_stream(ShardCount=shards)


def become_active(kinesis, stream):
    kinesis.get_waiter("stream_exists").wait(StreamName=stream)


def split(kinesis, stream, index=0, at=MIDDLE):
    kinesis.split_shard(StreamName=stream, ShardToSplit=shard_id(index), NewStartingHashKey=at)
    become_active(kinesis, stream)


def merge(kinesis, stream, index, adjacent):
    kinesis.merge_shards(StreamName=stream, ShardToMerge=shard_id(index),
                         AdjacentShardToMerge=shard_id(adjacent))
    become_active(kinesis, stream)


def scale(kinesis, stream, count):
    answer = kinesis.update_shard_count(StreamName=stream, TargetShardCount=count,
                                        ScalingType="UNIFORM_SCALING")
    become_active(kinesis, stream)
    return answer


def shards_of(kinesis, stream, **filters):
    return kinesis.list_shards(StreamName=stream, **filters)["Shards"]


def ids_of(shards):
    return [int(shard["ShardId"].removeprefix("shardId-")) for shard in shards]


def shard_id(index):
    return f"shardId-{index:012}"


def read_shard(kinesis, stream, index):
    """Every record of a shard, and the last answer."""
    iterator = kinesis.get_shard_iterator(StreamName=stream, ShardId=shard_id(index),
                                          ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    records = []
    while True:
        answer = kinesis.get_records(ShardIterator=iterator)
        records += answer["Records"]
        iterator = answer.get("NextShardIterator")
        if iterator is None or not answer["Records"]:
            return records, answer


def test_a_split_closes_the_parent_and_opens_two_children(kinesis, stream):
    name = stream()
    split(kinesis, name)
    parent, low, high = shards_of(kinesis, name)
    assert "EndingSequenceNumber" in parent["SequenceNumberRange"]
    assert low["ParentShardId"] == high["ParentShardId"] == parent["ShardId"]
    assert "AdjacentParentShardId" not in low
    assert low["HashKeyRange"] == {"StartingHashKey": "0", "EndingHashKey": str(2**127 - 1)}
    assert high["HashKeyRange"] == {"StartingHashKey": MIDDLE,
                                    "EndingHashKey": str(HASH_KEY_MAX)}
    assert "EndingSequenceNumber" not in low["SequenceNumberRange"]
    # Children's numbers come behind their parent's.
    assert (int(low["SequenceNumberRange"]["StartingSequenceNumber"])
            > int(parent["SequenceNumberRange"]["EndingSequenceNumber"]))


def test_a_merge_has_two_parents(kinesis, stream):
    name = stream(2)
    merge(kinesis, name, 0, 1)
    child = shards_of(kinesis, name)[2]
    assert child["ParentShardId"] == shard_id(0)
    assert child["AdjacentParentShardId"] == shard_id(1)
    assert child["HashKeyRange"] == {"StartingHashKey": "0", "EndingHashKey": str(HASH_KEY_MAX)}


def test_a_stream_counts_only_its_open_shards(kinesis, stream, summary):
    name = stream(2)
    split(kinesis, name, at="1000")
    described = summary(name)
    assert described["OpenShardCount"] == 3
    assert described["StreamStatus"] == "ACTIVE"
    # DescribeStream tells of closed shards, too.
    assert len(kinesis.describe_stream(StreamName=name)["StreamDescription"]["Shards"]) == 4


def test_a_closed_shard_is_read_to_its_end_where_its_children_are_told_of(kinesis, stream):
    name = stream()
    for number in range(3):
        kinesis.put_record(StreamName=name, PartitionKey="k", Data=str(number))
    split(kinesis, name)
    records, last = read_shard(kinesis, name, 0)
    assert [record["Data"] for record in records] == [b"0", b"1", b"2"]
    assert "NextShardIterator" not in last
    assert last["MillisBehindLatest"] == 0
    assert last["ChildShards"] == [
        {"ShardId": shard_id(1), "ParentShards": [shard_id(0)],
         "HashKeyRange": {"StartingHashKey": "0", "EndingHashKey": str(2**127 - 1)}},
        {"ShardId": shard_id(2), "ParentShards": [shard_id(0)],
         "HashKeyRange": {"StartingHashKey": MIDDLE, "EndingHashKey": str(HASH_KEY_MAX)}}]


def test_a_merged_shards_child_names_both_parents(kinesis, stream):
    name = stream(2)
    merge(kinesis, name, 0, 1)
    for parent in (0, 1):
        _, last = read_shard(kinesis, name, parent)
        assert last["ChildShards"][0]["ParentShards"] == [shard_id(0), shard_id(1)]


def test_an_open_shards_answer_has_no_children(kinesis, stream):
    _, last = read_shard(kinesis, stream(), 0)
    assert "ChildShards" not in last
    assert last["NextShardIterator"]


@pytest.mark.parametrize("kind", ["LATEST", "AT_TIMESTAMP", "AFTER_SEQUENCE_NUMBER"])
def test_iterators_at_a_closed_shards_end_lead_to_its_children(kinesis, stream, kind):
    name = stream()
    put = kinesis.put_record(StreamName=name, PartitionKey="k", Data="x")
    split(kinesis, name)
    more = {"AFTER_SEQUENCE_NUMBER": {"StartingSequenceNumber": put["SequenceNumber"]},
            "AT_TIMESTAMP": {"Timestamp": datetime.datetime.now(datetime.timezone.utc)}}
    iterator = kinesis.get_shard_iterator(StreamName=name, ShardId=shard_id(0),
                                          ShardIteratorType=kind, **more.get(kind, {}))
    answer = kinesis.get_records(ShardIterator=iterator["ShardIterator"])
    assert answer["Records"] == []
    assert len(answer["ChildShards"]) == 2


def test_an_iterator_at_the_ending_sequence_number_is_good(kinesis, stream):
    name = stream()
    split(kinesis, name)
    end = shards_of(kinesis, name)[0]["SequenceNumberRange"]["EndingSequenceNumber"]
    iterator = kinesis.get_shard_iterator(StreamName=name, ShardId=shard_id(0),
                                          ShardIteratorType="AT_SEQUENCE_NUMBER",
                                          StartingSequenceNumber=end)
    assert len(kinesis.get_records(ShardIterator=iterator["ShardIterator"])["ChildShards"]) == 2


def test_an_iterator_from_before_the_split_goes_on_to_the_end(kinesis, stream):
    name = stream()
    iterator = kinesis.get_shard_iterator(StreamName=name, ShardId=shard_id(0),
                                          ShardIteratorType="LATEST")["ShardIterator"]
    kinesis.put_record(StreamName=name, PartitionKey="k", Data="x")
    split(kinesis, name)
    kinesis.put_record(StreamName=name, PartitionKey="k", Data="y")
    answer = kinesis.get_records(ShardIterator=iterator)
    assert [record["Data"] for record in answer["Records"]] == [b"x"]


def test_a_record_goes_to_the_child_that_holds_its_hash_key(kinesis, stream):
    name = stream()
    split(kinesis, name)
    low = kinesis.put_record(StreamName=name, PartitionKey="k", Data="x", ExplicitHashKey="0")
    high = kinesis.put_record(StreamName=name, PartitionKey="k", Data="x", ExplicitHashKey=MIDDLE)
    assert (low["ShardId"], high["ShardId"]) == (shard_id(1), shard_id(2))


def test_a_keys_records_stay_in_order_across_splits_and_merges(kinesis, stream):
    name = stream()
    stop = threading.Event()
    acknowledged = []

    def put():
        while not stop.is_set():
            number = len(acknowledged)
            answer = kinesis.put_records(StreamName=name, Records=[
                {"PartitionKey": key, "Data": str(number)} for key in ("a", "b", "c", "d")])
            assert answer["FailedRecordCount"] == 0
            acknowledged.append(number)

    writer = threading.Thread(target=put)
    writer.start()
    newest = 0
    for _ in range(6):
        split(kinesis, name, newest)
        merge(kinesis, name, newest + 1, newest + 2)
        newest += 3
    stop.set()
    writer.join()
    # Parents are read before their children.
    seen = {key: [] for key in ("a", "b", "c", "d")}
    for index in range(newest + 1):
        for record in read_shard(kinesis, name, index)[0]:
            seen[record["PartitionKey"]].append(int(record["Data"]))
    assert acknowledged
    for key, numbers in seen.items():
        assert numbers == acknowledged, key


# ---- UpdateShardCount: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateShardCount.html

@pytest.mark.parametrize("before, after", [(1, 2), (2, 1), (2, 3), (3, 2), (4, 8), (5, 3), (3, 3)])
def test_a_new_shard_count_makes_shards_of_equal_size(kinesis, stream, before, after):
    name = stream(before)
    answer = scale(kinesis, name, after)
    assert (answer["CurrentShardCount"], answer["TargetShardCount"]) == (before, after)
    assert answer["StreamName"] == name
    open_shards = shards_of(kinesis, name, ShardFilter={"Type": "AT_LATEST"})
    starts = sorted(int(shard["HashKeyRange"]["StartingHashKey"]) for shard in open_shards)
    assert starts == [part * (2**128 // after) for part in range(after)]


@pytest.mark.parametrize("before, after, what", [
    (1, 3, "scale up over double your current open shard count"),
    (5, 2, "scale down below half your current open shard count")])
def test_a_shard_count_goes_at_most_to_the_double_and_the_half(kinesis, stream, before, after, what):
    code, message = error_of(kinesis.update_shard_count, StreamName=stream(before),
                            TargetShardCount=after, ScalingType="UNIFORM_SCALING")
    assert code == "LimitExceededException"
    assert message == (f"UpdateShardCount cannot {what}. Current open shard count: {before}, "
                       f"Target shard count: {after}")


def test_a_stream_is_scaled_ten_times_a_day(kinesis, stream):
    name = stream(1)
    for turn in range(10):
        scale(kinesis, name, 1 + (turn + 1) % 2)
    code, _ = error_of(kinesis.update_shard_count, StreamName=name, TargetShardCount=2,
                      ScalingType="UNIFORM_SCALING")
    assert code == "LimitExceededException"


# ---- Errors, in AWS's words.

@pytest.mark.parametrize("hash_key", ["0", "1", str(HASH_KEY_MAX)])
def test_a_split_needs_a_hash_key_inside_the_shard(kinesis, stream, hash_key):
    name = stream()
    code, message = error_of(kinesis.split_shard, StreamName=name, ShardToSplit=shard_id(0),
                            NewStartingHashKey=hash_key)
    assert code == "InvalidArgumentException"
    assert message.startswith(f"NewStartingHashKey {hash_key} used in SplitShard() on shard "
                              f"{shard_id(0)} in stream {name} under account ")
    assert message.endswith("is not both greater than one plus the shard's StartingHashKey 0 and "
                            f"less than the shard's EndingHashKey {HASH_KEY_MAX}.")


def test_a_closed_shard_is_not_split_again(kinesis, stream):
    name = stream()
    split(kinesis, name)
    code, message = error_of(kinesis.split_shard, StreamName=name, ShardToSplit=shard_id(0),
                            NewStartingHashKey=MIDDLE)
    assert code == "InvalidArgumentException"
    assert "has already been merged or split, and thus is not eligible for merging or splitting." \
        in message


def test_shards_apart_are_not_merged(kinesis, stream):
    name = stream(3)
    code, message = error_of(kinesis.merge_shards, StreamName=name, ShardToMerge=shard_id(0),
                            AdjacentShardToMerge=shard_id(2))
    assert code == "InvalidArgumentException"
    assert message.startswith(f"Shards {shard_id(0)} and {shard_id(2)} in stream {name} under")
    assert message.endswith("are not an adjacent pair of shards eligible for merging")


@pytest.mark.parametrize("operation, parameters", [
    ("split_shard", {"ShardToSplit": shard_id(7), "NewStartingHashKey": MIDDLE}),
    ("merge_shards", {"ShardToMerge": shard_id(0), "AdjacentShardToMerge": shard_id(7)})])
def test_a_shard_that_is_not_there_is_not_found(kinesis, stream, operation, parameters):
    name = stream()
    code, message = error_of(getattr(kinesis, operation), StreamName=name, **parameters)
    assert code == "ResourceNotFoundException"
    assert message.startswith(f"Could not find shard {shard_id(7)} in stream {name} under account ")


@pytest.mark.parametrize("operation, parameters", [
    ("split_shard", {"ShardToSplit": shard_id(0), "NewStartingHashKey": MIDDLE}),
    ("merge_shards", {"ShardToMerge": shard_id(0), "AdjacentShardToMerge": shard_id(1)}),
    ("update_shard_count", {"TargetShardCount": 2, "ScalingType": "UNIFORM_SCALING"})])
def test_on_demand_streams_change_their_shards_themselves(kinesis, on_demand, operation,
                                                          parameters):
    code, message = error_of(getattr(kinesis, operation), StreamName=on_demand, **parameters)
    assert code == "ValidationException"
    assert message.startswith(f"Request is invalid. Stream {on_demand} under account ")
    assert message.endswith(" is in On-Demand mode.")


# ---- ListShards' filters: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ShardFilter.html

@pytest.fixture
def split_stream(kinesis, stream):
    """A stream that was split: 0 is closed, 1 and 2 are open."""
    name = stream()
    split(kinesis, name)
    return name


@pytest.mark.parametrize("shard_filter, expected", [
    ({"Type": "AT_LATEST"}, [1, 2]),
    ({"Type": "AT_TRIM_HORIZON"}, [0]),
    ({"Type": "FROM_TRIM_HORIZON"}, [0, 1, 2]),
    ({"Type": "AFTER_SHARD_ID", "ShardId": shard_id(1)}, [2]),
    # A time before the stream is the trim horizon.
    ({"Type": "AT_TIMESTAMP", "Timestamp": 0}, [0]),
    ({"Type": "FROM_TIMESTAMP", "Timestamp": 0}, [0, 1, 2]),
    ({"Type": "AT_TIMESTAMP", "Timestamp": 4102444800}, [1, 2]),
    ({"Type": "FROM_TIMESTAMP", "Timestamp": 4102444800}, [1, 2])])
def test_a_filter_selects_shards(kinesis, split_stream, shard_filter, expected):
    assert ids_of(shards_of(kinesis, split_stream, ShardFilter=shard_filter)) == expected


def test_a_page_goes_on_with_its_filter(kinesis, split_stream):
    first = kinesis.list_shards(StreamName=split_stream, MaxResults=1,
                                ShardFilter={"Type": "AT_LATEST"})
    rest = kinesis.list_shards(NextToken=first["NextToken"])
    assert ids_of(first["Shards"]) + ids_of(rest["Shards"]) == [1, 2]
    assert "NextToken" not in rest


@pytest.mark.parametrize("shard_filter", [
    {"Type": "AFTER_SHARD_ID"}, {"Type": "AT_TIMESTAMP"}, {"Type": "FROM_TIMESTAMP"},
    {"Type": "AT_LATEST", "ShardId": shard_id(0)}, {"Type": "AT_TRIM_HORIZON", "Timestamp": 0}])
def test_a_filters_parameters_belong_to_its_type(kinesis, stream, shard_filter):
    code, _ = error_of(kinesis.list_shards, StreamName=stream(), ShardFilter=shard_filter)
    assert code == "InvalidArgumentException"


def test_a_creation_time_names_one_of_two_streams_of_a_name(kinesis, stream, summary):
    name = stream()
    created = summary(name)["StreamCreationTimestamp"]
    assert len(shards_of(kinesis, name, StreamCreationTimestamp=created)) == 1
    code, _ = error_of(kinesis.list_shards, StreamName=name,
                      StreamCreationTimestamp=created - datetime.timedelta(days=1))
    assert code == "ResourceNotFoundException"
