"""What can be set at a stream: record size, shard-level metrics, capacity mode, distribution."""

import collections

import pytest

from errors import error_of

METRICS = ["IncomingBytes", "IncomingRecords", "OutgoingBytes", "OutgoingRecords",
           "WriteProvisionedThroughputExceeded", "ReadProvisionedThroughputExceeded",
           "IteratorAgeMilliseconds"]
MIB = 1 << 20


@pytest.fixture
def arn(one_shard, summary):
    return summary(one_shard)["StreamARN"]


@pytest.fixture
def on_demand_arn(on_demand, summary):
    return summary(on_demand)["StreamARN"]


# ---- UpdateMaxRecordSize
# https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateMaxRecordSize.html


def test_a_new_stream_takes_a_mebibyte(one_shard, summary):
    assert summary(one_shard)["MaxRecordSizeInKiB"] == 1024


@pytest.mark.parametrize("size", [1024, 1025, 2048, 10240])
def test_the_record_size_is_set(kinesis, one_shard, summary, arn, size):
    kinesis.update_max_record_size(StreamARN=arn, MaxRecordSizeInKiB=size)
    assert summary(one_shard)["MaxRecordSizeInKiB"] == size


def test_streams_are_made_with_a_record_size(make_stream, summary):
    assert summary(make_stream(MaxRecordSizeInKiB=5120))["MaxRecordSizeInKiB"] == 5120


def test_larger_records_are_taken_and_given(kinesis, one_shard, arn):
    data = b"x" * (2 * MIB)
    code, message = error_of(kinesis.put_record, StreamName=one_shard, Data=data, PartitionKey="k")
    assert code == "InvalidArgumentException"
    assert "exceeds the maximum record size of 1024 KiB" in message
    kinesis.update_max_record_size(StreamARN=arn, MaxRecordSizeInKiB=2048)
    kinesis.put_record(StreamName=one_shard, Data=data, PartitionKey="k")
    iterator = kinesis.get_shard_iterator(StreamName=one_shard, ShardId="shardId-000000000000",
                                          ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    assert kinesis.get_records(ShardIterator=iterator)["Records"][0]["Data"] == data


def test_the_record_size_is_decreased_again(kinesis, one_shard, arn):
    kinesis.update_max_record_size(StreamARN=arn, MaxRecordSizeInKiB=2048)
    kinesis.update_max_record_size(StreamARN=arn, MaxRecordSizeInKiB=1024)
    assert error_of(kinesis.put_record, StreamName=one_shard, Data=b"x" * (MIB + 1),
                    PartitionKey="k")[0] == "InvalidArgumentException"


def test_a_request_has_ten_mebibytes_at_most(kinesis, make_stream):
    name = make_stream(MaxRecordSizeInKiB=10240)
    records = [{"Data": b"x" * (4 * MIB), "PartitionKey": "k"}] * 3
    assert error_of(kinesis.put_records, StreamName=name, Records=records) == (
        "InvalidArgumentException", "Records size exceeds 10 MB limit")
    assert kinesis.put_records(StreamName=name, Records=records[:2])["FailedRecordCount"] == 0


# ---- EnableEnhancedMonitoring, DisableEnhancedMonitoring
# https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html


def enabled(kinesis, name):
    described = kinesis.describe_stream(StreamName=name)["StreamDescription"]["EnhancedMonitoring"]
    assert len(described) == 1
    return described[0]["ShardLevelMetrics"]


def test_a_new_stream_has_no_shard_level_metrics(kinesis, one_shard, summary):
    assert enabled(kinesis, one_shard) == []
    assert summary(one_shard)["EnhancedMonitoring"] == [{"ShardLevelMetrics": []}]


@pytest.mark.parametrize("metric", METRICS)
def test_one_metric_is_enabled_and_disabled(kinesis, one_shard, arn, metric):
    answer = kinesis.enable_enhanced_monitoring(StreamName=one_shard, ShardLevelMetrics=[metric])
    assert answer["StreamName"] == one_shard
    assert answer["StreamARN"] == arn
    assert answer["CurrentShardLevelMetrics"] == []
    assert answer["DesiredShardLevelMetrics"] == [metric]
    assert enabled(kinesis, one_shard) == [metric]
    answer = kinesis.disable_enhanced_monitoring(StreamARN=arn, ShardLevelMetrics=[metric])
    assert answer["CurrentShardLevelMetrics"] == [metric]
    assert answer["DesiredShardLevelMetrics"] == []
    assert enabled(kinesis, one_shard) == []


def test_all_stands_for_every_metric(kinesis, one_shard, summary):
    answer = kinesis.enable_enhanced_monitoring(StreamName=one_shard, ShardLevelMetrics=["ALL"])
    assert sorted(answer["DesiredShardLevelMetrics"]) == sorted(METRICS)
    assert sorted(summary(one_shard)["EnhancedMonitoring"][0]["ShardLevelMetrics"]) == sorted(
        METRICS)
    answer = kinesis.disable_enhanced_monitoring(StreamName=one_shard, ShardLevelMetrics=["ALL"])
    assert answer["DesiredShardLevelMetrics"] == []


def test_metrics_add_up(kinesis, one_shard):
    kinesis.enable_enhanced_monitoring(StreamName=one_shard, ShardLevelMetrics=METRICS[:2])
    answer = kinesis.enable_enhanced_monitoring(StreamName=one_shard,
                                                ShardLevelMetrics=METRICS[1:3])
    assert sorted(answer["CurrentShardLevelMetrics"]) == sorted(METRICS[:2])
    assert sorted(answer["DesiredShardLevelMetrics"]) == sorted(METRICS[:3])


def test_disabling_what_is_not_enabled_changes_nothing(kinesis, one_shard):
    kinesis.enable_enhanced_monitoring(StreamName=one_shard, ShardLevelMetrics=METRICS[:1])
    answer = kinesis.disable_enhanced_monitoring(StreamName=one_shard,
                                                 ShardLevelMetrics=METRICS[1:2])
    assert answer["DesiredShardLevelMetrics"] == METRICS[:1]


@pytest.mark.parametrize("operation", ["enable_enhanced_monitoring", "disable_enhanced_monitoring"])
def test_a_stream_must_be_there_to_be_monitored(kinesis, operation):
    assert error_of(getattr(kinesis, operation), StreamName="no-such-stream",
                    ShardLevelMetrics=["ALL"])[0] == "ResourceNotFoundException"


# ---- UpdateStreamMode
# https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html


def test_the_mode_is_switched_and_the_shards_stay(kinesis, make_stream, summary):
    name = make_stream(ShardCount=3)
    arn = summary(name)["StreamARN"]
    for mode in ("ON_DEMAND", "PROVISIONED"):
        kinesis.update_stream_mode(StreamARN=arn, StreamModeDetails={"StreamMode": mode})
        described = summary(name)
        assert described["StreamModeDetails"] == {"StreamMode": mode}
        assert described["OpenShardCount"] == 3


def test_the_mode_is_switched_twice_a_day(kinesis, one_shard, arn):
    for mode in ("ON_DEMAND", "PROVISIONED"):
        kinesis.update_stream_mode(StreamARN=arn, StreamModeDetails={"StreamMode": mode})
    code, message = error_of(kinesis.update_stream_mode, StreamARN=arn,
                             StreamModeDetails={"StreamMode": "ON_DEMAND"})
    assert code == "LimitExceededException"
    assert message.startswith(f"Stream {one_shard} under account ")


def test_the_mode_that_it_has_is_no_switch(kinesis, one_shard, arn, summary):
    for _ in range(4):
        kinesis.update_stream_mode(StreamARN=arn, StreamModeDetails={"StreamMode": "PROVISIONED"})
    assert summary(one_shard)["StreamModeDetails"] == {"StreamMode": "PROVISIONED"}


def test_records_outlive_a_switch_of_mode(kinesis, one_shard, arn):
    put = kinesis.put_record(StreamName=one_shard, Data=b"kept", PartitionKey="k")
    kinesis.update_stream_mode(StreamARN=arn, StreamModeDetails={"StreamMode": "ON_DEMAND"})
    iterator = kinesis.get_shard_iterator(
        StreamName=one_shard, ShardId=put["ShardId"], ShardIteratorType="AT_SEQUENCE_NUMBER",
        StartingSequenceNumber=put["SequenceNumber"])["ShardIterator"]
    assert kinesis.get_records(ShardIterator=iterator)["Records"][0]["Data"] == b"kept"


def test_a_mode_is_one_of_two(kinesis, arn):
    code, message = error_of(kinesis.update_stream_mode, StreamARN=arn,
                             StreamModeDetails={"StreamMode": "RESERVED"})
    assert code == "ValidationException"
    assert message == (
        "1 validation error detected: Value 'RESERVED' at 'streamModeDetails.streamMode' failed to "
        "satisfy constraint: Member must satisfy enum value set: [PROVISIONED, ON_DEMAND]")


@pytest.mark.parametrize("operation, arguments", [
    ("update_stream_mode", {"StreamModeDetails": {"StreamMode": "ON_DEMAND"}}),
    ("update_max_record_size", {"MaxRecordSizeInKiB": 2048}),
    ("update_stream_record_distribution_strategy", {"RecordDistributionStrategy": "AUTO"}),
])
def test_a_stream_must_be_there_to_be_changed(kinesis, arn, operation, arguments):
    assert error_of(getattr(kinesis, operation), StreamARN=f"{arn}-gone",
                    **arguments)[0] == "ResourceNotFoundException"


# ---- UpdateStreamRecordDistributionStrategy
# https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateStreamRecordDistributionStrategy.html


def spread(kinesis, arn, strategy="AUTO"):
    kinesis.update_stream_record_distribution_strategy(StreamARN=arn,
                                                       RecordDistributionStrategy=strategy)


def test_only_on_demand_streams_tell_of_a_strategy(one_shard, on_demand, summary):
    assert "RecordDistributionStrategy" not in summary(one_shard)
    assert summary(on_demand)["RecordDistributionStrategy"] == "USER_PARTITION_KEY"


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize("more", [{}, {"ExplicitHashKey": "0"}])
def test_auto_spreads_one_keys_records_evenly(kinesis, on_demand, on_demand_arn, summary, many,
                                              more):
    spread(kinesis, on_demand_arn)
    assert summary(on_demand)["RecordDistributionStrategy"] == "AUTO"
    record = {"Data": b"d", "PartitionKey": "the same", **more}
    if many:
        put = kinesis.put_records(StreamName=on_demand, Records=[record] * 40)["Records"]
    else:
        put = [kinesis.put_record(StreamName=on_demand, **record) for _ in range(40)]
    counts = collections.Counter(result["ShardId"] for result in put)
    assert len(counts) == 4
    assert min(counts.values()) >= 8


def test_auto_wants_no_partition_key(kinesis, on_demand, on_demand_arn):
    spread(kinesis, on_demand_arn)
    put = kinesis.put_record(StreamName=on_demand, Data=b"no key")
    kinesis.put_records(StreamName=on_demand, Records=[{"Data": b"none either"}])
    iterator = kinesis.get_shard_iterator(
        StreamName=on_demand, ShardId=put["ShardId"], ShardIteratorType="AT_SEQUENCE_NUMBER",
        StartingSequenceNumber=put["SequenceNumber"])["ShardIterator"]
    record = kinesis.get_records(ShardIterator=iterator)["Records"][0]
    # "this value is not returned if the producer did not provide a partition key"
    assert "PartitionKey" not in record
    assert record["Data"] == b"no key"


def test_auto_gives_back_a_partition_key_that_was_given(kinesis, on_demand, on_demand_arn):
    spread(kinesis, on_demand_arn)
    put = kinesis.put_record(StreamName=on_demand, Data=b"d", PartitionKey="given")
    iterator = kinesis.get_shard_iterator(
        StreamName=on_demand, ShardId=put["ShardId"], ShardIteratorType="AT_SEQUENCE_NUMBER",
        StartingSequenceNumber=put["SequenceNumber"])["ShardIterator"]
    assert kinesis.get_records(ShardIterator=iterator)["Records"][0]["PartitionKey"] == "given"


def test_the_strategy_is_taken_back(kinesis, on_demand, on_demand_arn):
    spread(kinesis, on_demand_arn)
    spread(kinesis, on_demand_arn, "USER_PARTITION_KEY")
    shards = {kinesis.put_record(StreamName=on_demand, Data=b"d", PartitionKey="k")["ShardId"]
              for _ in range(8)}
    assert len(shards) == 1
    code, message = error_of(kinesis.put_record, StreamName=on_demand, Data=b"d")
    assert code == "ValidationException"
    assert message == ("1 validation error detected: Value null at 'partitionKey' failed to satisfy "
                       "constraint: Member must not be null")


def test_streams_are_made_with_a_strategy(make_stream, summary):
    name = make_stream(StreamModeDetails={"StreamMode": "ON_DEMAND"},
                       RecordDistributionStrategy="AUTO")
    assert summary(name)["RecordDistributionStrategy"] == "AUTO"


def test_a_provisioned_stream_goes_by_partition_keys(kinesis, arn, unique_name):
    # "Attempting to set AUTO on a provisioned stream results in an InvalidArgumentException."
    assert error_of(kinesis.update_stream_record_distribution_strategy, StreamARN=arn,
                    RecordDistributionStrategy="AUTO")[0] == "InvalidArgumentException"
    assert error_of(kinesis.create_stream, StreamName=unique_name(), ShardCount=1,
                    RecordDistributionStrategy="AUTO")[0] == "InvalidArgumentException"


def test_a_stream_that_becomes_provisioned_goes_by_partition_keys(kinesis, on_demand,
                                                                  on_demand_arn):
    spread(kinesis, on_demand_arn)
    kinesis.update_stream_mode(StreamARN=on_demand_arn,
                               StreamModeDetails={"StreamMode": "PROVISIONED"})
    shards = {kinesis.put_record(StreamName=on_demand, Data=b"d", PartitionKey="k")["ShardId"]
              for _ in range(8)}
    assert len(shards) == 1
