"""Resource policies: what other accounts may do with a stream or a consumer.

https://docs.aws.amazon.com/streams/latest/dev/resource-based-policy-examples.html
"""

import json

import pytest

from errors import error_of
from own_client import own_client

OWNER, GUEST = "111111111111", "222222222222"
GUEST_ARN = f"arn:aws:iam::{GUEST}:root"
SHARD = "shardId-000000000000"


def policy(arn, action="kinesis:*", effect="Allow", principal=None, **more):
    statement = {"Sid": "s", "Effect": effect, "Principal": principal or {"AWS": GUEST},
                 "Action": action, "Resource": arn, **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


# ---- PutResourcePolicy, GetResourcePolicy, DeleteResourcePolicy


@pytest.fixture(params=["stream", "consumer"])
def arn(request, kinesis, one_shard, summary):
    """Of a stream, and of a consumer."""
    stream = summary(one_shard)["StreamARN"]
    if request.param == "stream":
        return stream
    return kinesis.register_stream_consumer(
        StreamARN=stream, ConsumerName="shared")["Consumer"]["ConsumerARN"]


def test_a_policy_is_given_back_as_it_was_put(kinesis, arn):
    text = policy(arn).replace(",", " ,\n")
    kinesis.put_resource_policy(ResourceARN=arn, Policy=text)
    assert kinesis.get_resource_policy(ResourceARN=arn)["Policy"] == text


def test_a_second_policy_takes_the_place_of_the_first(kinesis, arn):
    kinesis.put_resource_policy(ResourceARN=arn, Policy=policy(arn, "kinesis:PutRecord"))
    second = policy(arn, "kinesis:GetRecords")
    kinesis.put_resource_policy(ResourceARN=arn, Policy=second)
    assert kinesis.get_resource_policy(ResourceARN=arn)["Policy"] == second


def test_a_policy_is_deleted(kinesis, arn):
    kinesis.put_resource_policy(ResourceARN=arn, Policy=policy(arn))
    kinesis.delete_resource_policy(ResourceARN=arn)
    assert error_of(kinesis.get_resource_policy, ResourceARN=arn)[0] == "ResourceNotFoundException"


@pytest.mark.parametrize("operation", ["get_resource_policy", "delete_resource_policy"])
def test_there_is_no_policy_at_first(kinesis, arn, operation):
    assert error_of(getattr(kinesis, operation), ResourceARN=arn) == (
        "ResourceNotFoundException", f"No resource policy found for resource ARN {arn}")


@pytest.mark.parametrize("operation, arguments", [
    ("put_resource_policy", {"Policy": policy("*")}), ("get_resource_policy", {}),
    ("delete_resource_policy", {})])
def test_the_resource_must_be_there(kinesis, one_shard, summary, operation, arguments):
    missing = summary(one_shard)["StreamARN"] + "-gone"
    code, message = error_of(getattr(kinesis, operation), ResourceARN=missing, **arguments)
    assert code == "ResourceNotFoundException"
    assert message.startswith(f"Stream {one_shard}-gone under account ")


@pytest.mark.parametrize("text, complaint", [
    ("", "Syntax errors in policy."),
    ("{", "Syntax errors in policy."),
    ("[]", "Syntax errors in policy."),
    ('{"Version": "2012-10-17"}', "Syntax errors in policy."),
    ('{"Version": "2011-01-01", "Statement": []}', "Syntax errors in policy."),
    (policy("*", Unknown="x"), "Syntax errors in policy."),
    (policy("*", effect="Maybe"), "Syntax errors in policy."),
    ('{"Statement": {"Effect": "Allow", "Action": "kinesis:*", "Resource": "*"}}',
     "Missing required field Principal"),
    ('{"Statement": {"Effect": "Allow", "Principal": "*", "Resource": "*"}}',
     "Missing required field Action"),
    ('{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "kinesis:*"}}',
     "Missing required field Resource"),
])
def test_a_policy_has_a_form(kinesis, arn, text, complaint):
    assert error_of(kinesis.put_resource_policy, ResourceARN=arn, Policy=text) == (
        "InvalidArgumentException", f"The resource policy is not valid: {complaint}")
    assert error_of(kinesis.get_resource_policy, ResourceARN=arn)[0] == "ResourceNotFoundException"


@pytest.mark.local  # AWS takes them
def test_conditions_are_refused(kinesis, arn):
    text = policy(arn, Condition={"Bool": {"aws:SecureTransport": "true"}})
    code, message = error_of(kinesis.put_resource_policy, ResourceARN=arn, Policy=text)
    assert code == "InvalidArgumentException"
    assert "Conditions in resource policies are not supported by Millstream yet" in message


def test_a_policy_has_twenty_kilobytes_at_most(kinesis, arn):
    assert error_of(kinesis.put_resource_policy, ResourceARN=arn,
                    Policy=policy(arn, Sid="x" * (20 << 10)))[0] == "LimitExceededException"


def test_a_stream_made_again_has_no_policy(kinesis, one_shard, summary):
    arn = summary(one_shard)["StreamARN"]
    kinesis.put_resource_policy(ResourceARN=arn, Policy=policy(arn))
    kinesis.delete_stream(StreamName=one_shard)
    kinesis.get_waiter("stream_not_exists").wait(StreamName=one_shard, WaiterConfig={"Delay": 1})
    kinesis.create_stream(StreamName=one_shard, ShardCount=1)
    assert error_of(kinesis.get_resource_policy, ResourceARN=arn)[0] == "ResourceNotFoundException"


# ---- What they do


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A server with keys of two accounts, and the owner's stream "s" with a consumer."""
    from server_process import ServerProcess
    folder = tmp_path_factory.mktemp("shared")
    file = folder / "millstream.toml"
    file.write_text("".join(
        f'[[keys]]\naccess_key_id = "{name}"\nsecret_access_key = "millstream"\n'
        f'account = "{account}"\n' for name, account in (("owner", OWNER), ("guest", GUEST))),
        encoding="utf-8")
    server = ServerProcess(folder / "data", "--config", str(file)).start()
    yield server
    assert server.stop() == 0, server.log_end()


@pytest.fixture(scope="module")
def owner(shared):
    kinesis = own_client(shared, key="owner")
    kinesis.create_stream(StreamName="s", ShardCount=2)
    kinesis.put_record(StreamName="s", Data=b"d", PartitionKey="k", ExplicitHashKey="0")
    return kinesis


@pytest.fixture(scope="module")
def guest(shared, owner):
    return own_client(shared, key="guest")


STREAM = f"arn:aws:kinesis:us-east-1:{OWNER}:stream/s"


@pytest.fixture
def allow(owner):
    """allow(action) lets the guest do it with the stream; nobody may anything behind the test."""
    yield lambda *arguments, **more: owner.put_resource_policy(
        ResourceARN=STREAM, Policy=policy(STREAM, *arguments, **more))
    try:
        owner.delete_resource_policy(ResourceARN=STREAM)
    except owner.exceptions.ResourceNotFoundException:
        pass


SHARED = [
    ("PutRecord", {"Data": b"g", "PartitionKey": "k"}),
    ("PutRecords", {"Records": [{"Data": b"g", "PartitionKey": "k"}]}),
    ("GetShardIterator", {"ShardId": SHARD, "ShardIteratorType": "LATEST"}),
    ("ListShards", {}),
    ("DescribeStream", {}),
    ("DescribeStreamSummary", {}),
]
OWNERS = [
    ("DeleteStream", {}), ("AddTagsToStream", {"Tags": {"a": "1"}}), ("ListTagsForStream", {}),
    ("IncreaseStreamRetentionPeriod", {"RetentionPeriodHours": 48}),
    ("UpdateMaxRecordSize", {"MaxRecordSizeInKiB": 2048}),
    ("StartStreamEncryption", {"EncryptionType": "KMS", "KeyId": "alias/a"}),
    ("UpdateShardCount", {"TargetShardCount": 2, "ScalingType": "UNIFORM_SCALING"}),
    ("RegisterStreamConsumer", {"ConsumerName": "c"}),
]
local = pytest.mark.local  # on AWS it takes a second account


def call(kinesis, operation, **arguments):
    name = "".join("_" + c.lower() if c.isupper() else c for c in operation).lstrip("_")
    return getattr(kinesis, name)(**arguments)


def denied(kinesis, operation, **arguments):
    code, message = error_of(lambda: call(kinesis, operation, **arguments))
    assert code == "AccessDeniedException"
    return message


@local
@pytest.mark.parametrize("operation, arguments", SHARED)
def test_without_a_policy_a_stream_is_its_owners(guest, operation, arguments):
    assert denied(guest, operation, StreamARN=STREAM, **arguments) == (
        f"User: {GUEST_ARN} is not authorized to perform: kinesis:{operation} on resource: "
        f"{STREAM} because no resource-based policy allows the kinesis:{operation} action")


@local
@pytest.mark.parametrize("operation, arguments", SHARED)
def test_a_policy_lets_another_account_in(guest, allow, operation, arguments):
    allow(f"kinesis:{operation}")
    call(guest, operation, StreamARN=STREAM, **arguments)


@local
@pytest.mark.parametrize("operation, arguments", SHARED)
def test_a_policy_allows_what_it_names_only(guest, allow, operation, arguments):
    allow("kinesis:SubscribeToShard")
    denied(guest, operation, StreamARN=STREAM, **arguments)


@local
@pytest.mark.parametrize("operation, arguments", OWNERS)
def test_what_no_policy_gives_away(guest, allow, operation, arguments):
    allow("kinesis:*")
    denied(guest, operation, StreamARN=STREAM, **arguments)


@local
@pytest.mark.parametrize("operation, arguments", SHARED)
def test_a_denial_counts_more(guest, owner, allow, operation, arguments):
    statements = [json.loads(policy(STREAM, effect=effect))["Statement"][0] | {"Sid": effect}
                  for effect in ("Allow", "Deny")]
    allow()  # so that the policy goes behind the test
    owner.put_resource_policy(ResourceARN=STREAM, Policy=json.dumps(
        {"Version": "2012-10-17", "Statement": statements}))
    assert denied(guest, operation, StreamARN=STREAM, **arguments).endswith(
        f"on resource: {STREAM} with an explicit deny in a resource-based policy")


@local
@pytest.mark.parametrize("principal", [
    {"AWS": GUEST}, {"AWS": GUEST_ARN}, {"AWS": [OWNER, GUEST]}, "*", {"AWS": "*"}])
def test_the_ways_to_name_a_caller(guest, allow, principal):
    allow("kinesis:ListShards", principal=principal)
    assert len(guest.list_shards(StreamARN=STREAM)["Shards"]) == 2


@local
@pytest.mark.parametrize("principal", [
    {"AWS": "333333333333"}, {"AWS": f"arn:aws:iam::{GUEST}:user/ann"},
    {"Service": "lambda.amazonaws.com"}])
def test_callers_who_are_not_named(guest, allow, principal):
    allow("kinesis:ListShards", principal=principal)
    denied(guest, "ListShards", StreamARN=STREAM)


@local
def test_a_policy_is_about_the_resource_that_it_names(guest, owner, allow):
    allow()
    owner.put_resource_policy(ResourceARN=STREAM, Policy=policy(STREAM + "-other"))
    denied(guest, "ListShards", StreamARN=STREAM)


@local
def test_records_are_read_from_another_account(guest, allow):
    allow(["kinesis:GetShardIterator", "kinesis:GetRecords"])
    iterator = guest.get_shard_iterator(StreamARN=STREAM, ShardId=SHARD,
                                        ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    records = guest.get_records(StreamARN=STREAM, ShardIterator=iterator)["Records"]
    assert records[0]["Data"] == b"d"


@local
def test_an_iterator_is_no_permission(guest, owner, allow):
    allow("kinesis:GetShardIterator")
    for kinesis in (guest, owner):
        iterator = kinesis.get_shard_iterator(StreamARN=STREAM, ShardId=SHARD,
                                              ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
        assert "kinesis:GetRecords" in denied(guest, "GetRecords", ShardIterator=iterator)


@local
def test_a_listings_token_is_no_permission(guest, owner):
    token = owner.list_shards(StreamName="s", MaxResults=1)["NextToken"]
    denied(guest, "ListShards", NextToken=token)


@local
def test_another_accounts_streams_cannot_be_guessed(guest):
    missing = STREAM + "-missing"
    assert denied(guest, "ListShards", StreamARN=missing) == (
        f"User: {GUEST_ARN} is not authorized to perform: kinesis:ListShards on resource: "
        f"{missing} because no resource-based policy allows the kinesis:ListShards action")


@local
def test_a_name_is_one_of_the_callers_own_streams(guest, allow):
    allow("kinesis:*")
    assert error_of(guest.list_shards, StreamName="s") == (
        "ResourceNotFoundException", f"Stream s under account {GUEST} not found.")


@local
def test_the_owner_needs_no_policy(owner, allow):
    allow("kinesis:*", principal={"AWS": OWNER}, effect="Deny")
    assert len(owner.list_shards(StreamName="s")["Shards"]) == 2


@local
def test_a_consumer_has_a_policy_of_its_own(guest, owner, allow):
    consumer = owner.register_stream_consumer(
        StreamARN=STREAM, ConsumerName="c")["Consumer"]["ConsumerARN"]
    allow("kinesis:DescribeStreamConsumer")
    denied(guest, "DescribeStreamConsumer", ConsumerARN=consumer)
    owner.put_resource_policy(ResourceARN=consumer,
                              Policy=policy(consumer, "kinesis:DescribeStreamConsumer"))
    described = guest.describe_stream_consumer(ConsumerARN=consumer)["ConsumerDescription"]
    assert described["StreamARN"] == STREAM
    denied(guest, "DeregisterStreamConsumer", ConsumerARN=consumer)
    owner.deregister_stream_consumer(ConsumerARN=consumer)
