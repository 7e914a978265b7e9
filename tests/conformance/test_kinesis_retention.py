"""How long a stream keeps its records.

https://docs.aws.amazon.com/streams/latest/dev/kinesis-extended-retention.html
"""

import pytest

from errors import error_of

MISSING = "no-such-stream"


def hours(kinesis, name):
    return kinesis.describe_stream(StreamName=name)["StreamDescription"]["RetentionPeriodHours"]


def test_a_new_stream_keeps_records_for_a_day(kinesis, one_shard):
    assert hours(kinesis, one_shard) == 24


@pytest.mark.parametrize("period", [25, 48, 168, 8759, 8760])
def test_retention_is_increased(kinesis, one_shard, summary, period):
    kinesis.increase_stream_retention_period(StreamName=one_shard, RetentionPeriodHours=period)
    assert hours(kinesis, one_shard) == period
    assert summary(one_shard)["RetentionPeriodHours"] == period


@pytest.mark.parametrize("period", [24, 25, 167])
def test_retention_is_decreased(kinesis, one_shard, period):
    kinesis.increase_stream_retention_period(StreamName=one_shard, RetentionPeriodHours=168)
    kinesis.decrease_stream_retention_period(StreamName=one_shard, RetentionPeriodHours=period)
    assert hours(kinesis, one_shard) == period


def test_retention_is_set_through_the_arn(kinesis, one_shard, summary):
    arn = summary(one_shard)["StreamARN"]
    kinesis.increase_stream_retention_period(StreamARN=arn, RetentionPeriodHours=72)
    kinesis.decrease_stream_retention_period(StreamARN=arn, RetentionPeriodHours=36)
    assert hours(kinesis, one_shard) == 36


@pytest.mark.parametrize("operation", ["increase", "decrease"])
def test_the_same_period_again_changes_nothing(kinesis, one_shard, operation):
    getattr(kinesis, f"{operation}_stream_retention_period")(
        StreamName=one_shard, RetentionPeriodHours=24)
    assert hours(kinesis, one_shard) == 24


@pytest.mark.parametrize("operation", ["increase", "decrease"])
@pytest.mark.parametrize("period, message", [
    (23, "Minimum allowed retention period is 24 hours. Requested retention period (23 hours) is "
         "too short."),
    (0, "Minimum allowed retention period is 24 hours. Requested retention period (0 hours) is too "
        "short."),
    (-1, "Minimum allowed retention period is 24 hours. Requested retention period (-1 hours) is "
         "too short."),
    (8761, "Maximum allowed retention period is 8760 hours. Requested retention period (8761 "
           "hours) is too long."),
])
def test_retention_has_bounds(kinesis, one_shard, operation, period, message):
    call = getattr(kinesis, f"{operation}_stream_retention_period")
    assert error_of(call, StreamName=one_shard, RetentionPeriodHours=period) == (
        "InvalidArgumentException", message)
    assert hours(kinesis, one_shard) == 24


def test_increase_does_not_decrease(kinesis, one_shard):
    kinesis.increase_stream_retention_period(StreamName=one_shard, RetentionPeriodHours=48)
    assert error_of(kinesis.increase_stream_retention_period, StreamName=one_shard,
                    RetentionPeriodHours=47) == (
        "InvalidArgumentException",
        f"Requested retention period (47 hours) for stream {one_shard} can not be shorter than "
        "existing retention period (48 hours). Use DecreaseRetentionPeriod API.")
    assert hours(kinesis, one_shard) == 48


def test_decrease_does_not_increase(kinesis, one_shard):
    assert error_of(kinesis.decrease_stream_retention_period, StreamName=one_shard,
                    RetentionPeriodHours=25) == (
        "InvalidArgumentException",
        f"Requested retention period (25 hours) for stream {one_shard} can not be longer than "
        "existing retention period (24 hours). Use IncreaseRetentionPeriod API.")


@pytest.mark.parametrize("operation", ["increase", "decrease"])
def test_a_stream_must_be_there_to_change_its_retention(kinesis, operation):
    code, message = error_of(getattr(kinesis, f"{operation}_stream_retention_period"),
                             StreamName=MISSING, RetentionPeriodHours=48)
    assert code == "ResourceNotFoundException"
    assert message.startswith(f"Stream {MISSING} under account ")


def test_records_outlive_a_change_of_retention(kinesis, one_shard):
    kinesis.put_record(StreamName=one_shard, Data=b"kept", PartitionKey="k")
    kinesis.increase_stream_retention_period(StreamName=one_shard, RetentionPeriodHours=48)
    kinesis.decrease_stream_retention_period(StreamName=one_shard, RetentionPeriodHours=24)
    iterator = kinesis.get_shard_iterator(StreamName=one_shard, ShardId="shardId-000000000000",
                                          ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    assert [r["Data"] for r in kinesis.get_records(ShardIterator=iterator)["Records"]] == [b"kept"]
