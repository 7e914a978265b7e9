"""Server-side encryption: the settings, and how records tell of them.

https://docs.aws.amazon.com/streams/latest/dev/server-side-encryption.html
"""

import time

import pytest

from errors import error_of

KEY = "alias/aws/kinesis"


def start(kinesis, name, key=KEY):
    kinesis.start_stream_encryption(StreamName=name, EncryptionType="KMS", KeyId=key)
    time.sleep(0.01)  # records are marked by the time at which they come


def stop(kinesis, name, key=KEY):
    kinesis.stop_stream_encryption(StreamName=name, EncryptionType="KMS", KeyId=key)
    time.sleep(0.01)


def records(kinesis, name):
    iterator = kinesis.get_shard_iterator(StreamName=name, ShardId="shardId-000000000000",
                                          ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    return kinesis.get_records(ShardIterator=iterator)["Records"]


def test_a_new_stream_is_not_encrypted(kinesis, one_shard, summary):
    described = kinesis.describe_stream(StreamName=one_shard)["StreamDescription"]
    for description in (described, summary(one_shard)):
        assert description["EncryptionType"] == "NONE"
        assert "KeyId" not in description


@pytest.mark.parametrize("key", [
    "alias/aws/kinesis",
    "alias/MyAliasName",
    "12345678-1234-1234-1234-123456789012",
    "mrk-1234567890abcdef1234567890abcdef",
    "arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012",
    "arn:aws:kms:us-east-1:123456789012:key/mrk-1234567890abcdef1234567890abcdef",
    "arn:aws:kms:us-east-1:123456789012:alias/MyAliasName",
    "arn:aws-cn:kms:cn-north-1:123456789012:alias/MyAliasName",
])
@pytest.mark.local  # on AWS the key must be there
def test_the_ways_to_name_a_key(kinesis, one_shard, summary, key):
    start(kinesis, one_shard, key)
    assert summary(one_shard)["EncryptionType"] == "KMS"
    assert summary(one_shard)["KeyId"] == key
    assert kinesis.describe_stream(StreamName=one_shard)["StreamDescription"]["KeyId"] == key


@pytest.mark.parametrize("key", [
    "key", "alias/", "alias/with space", "12345678-1234-1234-1234-12345678901",
    "12345678-1234-1234-1234-12345678901g", "mrk-123", "arn:aws:kms:us-east-1:123456789012:key/k",
    "arn:aws:kms:us-east-1:12345678901:alias/a", "arn:aws:s3:us-east-1:123456789012:alias/a",
    "arn:aws:kms::123456789012:alias/a", "arn:aws:kms:us-east-1:123456789012",
])
def test_what_names_no_key(kinesis, one_shard, summary, key):
    assert error_of(kinesis.start_stream_encryption, StreamName=one_shard, EncryptionType="KMS",
                    KeyId=key) == ("KMSNotFoundException", f"Invalid keyId {key}")
    assert summary(one_shard)["EncryptionType"] == "NONE"


def test_encryption_is_stopped(kinesis, one_shard, summary):
    start(kinesis, one_shard)
    stop(kinesis, one_shard)
    assert summary(one_shard)["EncryptionType"] == "NONE"
    assert "KeyId" not in summary(one_shard)


def test_encryption_is_set_through_the_arn(kinesis, one_shard, summary):
    arn = summary(one_shard)["StreamARN"]
    kinesis.start_stream_encryption(StreamARN=arn, EncryptionType="KMS", KeyId=KEY)
    assert summary(one_shard)["EncryptionType"] == "KMS"
    kinesis.stop_stream_encryption(StreamARN=arn, EncryptionType="KMS", KeyId=KEY)
    assert summary(one_shard)["EncryptionType"] == "NONE"


@pytest.mark.local
def test_another_key_takes_the_place_of_the_first(kinesis, one_shard, summary):
    start(kinesis, one_shard, "alias/one")
    start(kinesis, one_shard, "alias/two")
    assert summary(one_shard)["KeyId"] == "alias/two"


def test_puts_tell_of_encryption(kinesis, one_shard):
    # "You can verify that encryption is applied by inspecting the API response from PutRecord or
    # PutRecords."
    record = {"Data": b"d", "PartitionKey": "k"}
    assert "EncryptionType" not in kinesis.put_record(StreamName=one_shard, **record)
    assert "EncryptionType" not in kinesis.put_records(StreamName=one_shard, Records=[record])
    start(kinesis, one_shard)
    assert kinesis.put_record(StreamName=one_shard, **record)["EncryptionType"] == "KMS"
    assert kinesis.put_records(StreamName=one_shard, Records=[record])["EncryptionType"] == "KMS"
    # The same through members that only the general codec reads.
    record["ExplicitHashKey"] = "0"
    assert kinesis.put_record(StreamName=one_shard, **record)["EncryptionType"] == "KMS"
    assert kinesis.put_records(StreamName=one_shard, Records=[record])["EncryptionType"] == "KMS"
    stop(kinesis, one_shard)
    assert "EncryptionType" not in kinesis.put_record(StreamName=one_shard, **record)


@pytest.mark.local  # on AWS it takes some seconds until records follow
def test_records_keep_the_encryption_that_they_came_with(kinesis, one_shard):
    def put(data):
        kinesis.put_record(StreamName=one_shard, Data=data, PartitionKey="k")
    put(b"before")
    time.sleep(0.01)
    start(kinesis, one_shard)
    put(b"during")
    time.sleep(0.01)
    stop(kinesis, one_shard)
    put(b"after")
    assert [(r["Data"], r.get("EncryptionType")) for r in records(kinesis, one_shard)] == [
        (b"before", None), (b"during", "KMS"), (b"after", None)]


@pytest.mark.parametrize("operation", ["start_stream_encryption", "stop_stream_encryption"])
def test_kms_is_the_only_type(kinesis, one_shard, operation):
    code, message = error_of(getattr(kinesis, operation), StreamName=one_shard,
                             EncryptionType="NONE", KeyId=KEY)
    assert code == "InvalidArgumentException"
    assert message.startswith("EncryptionType NONE is not valid for ")


@pytest.mark.parametrize("operation", ["start_stream_encryption", "stop_stream_encryption"])
def test_a_stream_must_be_there_to_be_encrypted(kinesis, operation):
    code, _ = error_of(getattr(kinesis, operation), StreamName="no-such-stream",
                       EncryptionType="KMS", KeyId=KEY)
    assert code == "ResourceNotFoundException"


def test_stopping_twice_is_no_mistake(kinesis, one_shard, summary):
    stop(kinesis, one_shard)
    assert summary(one_shard)["EncryptionType"] == "NONE"


@pytest.mark.local
def test_only_the_key_in_use_is_stopped(kinesis, one_shard, summary):
    start(kinesis, one_shard, "alias/one")
    code, message = error_of(kinesis.stop_stream_encryption, StreamName=one_shard,
                             EncryptionType="KMS", KeyId="alias/two")
    assert code == "InvalidArgumentException"
    assert "is not encrypted with the key alias/two" in message
    assert summary(one_shard)["KeyId"] == "alias/one"


@pytest.mark.local
def test_a_key_is_applied_twenty_five_times_a_day(kinesis, one_shard):
    # "You can successfully apply a new KMS key for server-side encryption 25 times in a rolling
    # 24-hour period."
    for i in range(25):
        kinesis.start_stream_encryption(StreamName=one_shard, EncryptionType="KMS",
                                        KeyId=f"alias/{i}")
    code, message = error_of(kinesis.start_stream_encryption, StreamName=one_shard,
                             EncryptionType="KMS", KeyId="alias/one-more")
    assert code == "LimitExceededException"
    assert "limit of 25 in a rolling 24-hour period" in message
