"""What belongs to an account: its limits, and its settings for all streams in a region.

https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateAccountSettings.html
"""

import datetime

import pytest

from errors import error_of
from own_client import own_client

ON_DEMAND = {"StreamMode": "ON_DEMAND"}
COMMITMENT = "MinimumThroughputBillingCommitment"
pytestmark = pytest.mark.local  # AWS bills a commitment


@pytest.fixture
def account(own_server):
    """A client of an account that nobody else changes."""
    return own_client(own_server())


def commit(account, status="ENABLED"):
    return account.update_account_settings(**{COMMITMENT: {"Status": status}})[COMMITMENT]


def test_a_new_account_has_its_limits_to_itself(account):
    limits = account.describe_limits()
    limits.pop("ResponseMetadata")
    assert limits == {"ShardLimit": 20000, "OpenShardCount": 0, "OnDemandStreamCount": 0,
                      "OnDemandStreamCountLimit": 50}


def test_limits_count_what_is_there(account):
    account.create_stream(StreamName="a", ShardCount=3)
    account.create_stream(StreamName="b", StreamModeDetails=ON_DEMAND)
    limits = account.describe_limits()
    assert (limits["OpenShardCount"], limits["OnDemandStreamCount"]) == (7, 1)
    arn = account.describe_stream_summary(StreamName="a")["StreamDescriptionSummary"]["StreamARN"]
    account.update_stream_mode(StreamARN=arn, StreamModeDetails=ON_DEMAND)
    limits = account.describe_limits()
    assert (limits["OpenShardCount"], limits["OnDemandStreamCount"]) == (7, 2)
    account.delete_stream(StreamName="b")
    limits = account.describe_limits()
    assert (limits["OpenShardCount"], limits["OnDemandStreamCount"]) == (3, 1)


def test_a_new_account_has_no_commitment(account):
    assert account.describe_account_settings()[COMMITMENT] == {"Status": "DISABLED"}


def test_a_commitment_lasts_a_day_at_least(account):
    made = commit(account)
    assert made["Status"] == "ENABLED"
    assert made["EarliestAllowedEndAt"] - made["StartedAt"] == datetime.timedelta(hours=24)
    assert "EndedAt" not in made
    assert account.describe_account_settings()[COMMITMENT] == made
    # "If you attempt to disable a commitment before the minimum commitment period ends, the
    # commitment will be scheduled for automatic disable at the earliest allowed end time."
    ending = commit(account, "DISABLED")
    assert ending == {**made, "Status": "ENABLED_UNTIL_EARLIEST_ALLOWED_END"}
    assert account.describe_account_settings()[COMMITMENT] == ending
    # "You can cancel a pending disable by enabling the commitment again."
    assert commit(account) == made


def test_disabling_no_commitment_changes_nothing(account):
    assert commit(account, "DISABLED") == {"Status": "DISABLED"}


def test_a_commitment_is_of_one_region(own_server):
    server = own_server()
    commit(own_client(server))
    elsewhere = own_client(server, region="eu-west-1")
    assert elsewhere.describe_account_settings()[COMMITMENT] == {"Status": "DISABLED"}


def test_what_was_set_at_a_stream_outlives_a_crash(own_server):
    server = own_server()
    account = own_client(server)
    account.create_stream(StreamName="a", StreamModeDetails=ON_DEMAND, Tags={"t": "1"},
                          RecordDistributionStrategy="AUTO", MaxRecordSizeInKiB=2048)
    arn = account.describe_stream_summary(StreamName="a")["StreamDescriptionSummary"]["StreamARN"]
    account.increase_stream_retention_period(StreamName="a", RetentionPeriodHours=48)
    account.start_stream_encryption(StreamName="a", EncryptionType="KMS", KeyId="alias/k")
    account.enable_enhanced_monitoring(StreamName="a", ShardLevelMetrics=["IncomingBytes"])
    account.register_stream_consumer(StreamARN=arn, ConsumerName="c", Tags={"u": "2"})
    policy = ('{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*",'
              f'"Action":"kinesis:*","Resource":"{arn}"}}}}')
    account.put_resource_policy(ResourceARN=arn, Policy=policy)
    account.put_record(StreamName="a", Data=b"d")

    def everything():
        consumer = account.list_stream_consumers(StreamARN=arn)["Consumers"][0]
        shown = [account.describe_stream_summary(StreamName="a")["StreamDescriptionSummary"],
                 account.list_tags_for_stream(StreamName="a")["Tags"], consumer,
                 account.list_tags_for_resource(ResourceARN=consumer["ConsumerARN"])["Tags"],
                 account.get_resource_policy(ResourceARN=arn)["Policy"]]
        for shard in account.list_shards(StreamName="a")["Shards"]:
            iterator = account.get_shard_iterator(
                StreamName="a", ShardId=shard["ShardId"],
                ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
            shown.append(account.get_records(ShardIterator=iterator)["Records"])
        limits = account.describe_limits()
        return shown + [limits["OpenShardCount"], limits["OnDemandStreamCount"]]
    before = everything()
    server.kill()
    server.start()
    assert everything() == before


def test_settings_outlive_a_restart(own_server):
    server = own_server()
    account = own_client(server)
    made = commit(account)
    server.kill()
    server.start()
    assert account.describe_account_settings()[COMMITMENT] == made


def test_warm_throughput_needs_a_commitment(account):
    code, message = error_of(account.create_stream, StreamName="a", StreamModeDetails=ON_DEMAND,
                             WarmThroughputMiBps=10)
    assert code == "InvalidArgumentException"
    assert COMMITMENT in message
    account.create_stream(StreamName="a", StreamModeDetails=ON_DEMAND)
    described = account.describe_stream_summary(StreamName="a")["StreamDescriptionSummary"]
    assert "WarmThroughput" not in described


def test_a_stream_is_made_warm(account):
    commit(account)
    account.create_stream(StreamName="a", StreamModeDetails=ON_DEMAND, WarmThroughputMiBps=10)
    described = account.describe_stream_summary(StreamName="a")["StreamDescriptionSummary"]
    assert described["WarmThroughput"] == {"TargetMiBps": 10, "CurrentMiBps": 10}
    assert described["OpenShardCount"] == 10  # a shard takes a MiB per second


@pytest.mark.parametrize("target, shards", [(4, 4), (5, 5), (9, 9), (16, 16)])
def test_a_stream_is_warmed(account, target, shards):
    # "Use this operation to scale your stream to a specified throughput level before anticipated
    # traffic spikes, or to release excess capacity after traffic has decreased."
    commit(account)
    account.create_stream(StreamName="a", StreamModeDetails=ON_DEMAND)
    answer = account.update_stream_warm_throughput(StreamName="a", WarmThroughputMiBps=target)
    assert answer["StreamName"] == "a"
    assert answer["WarmThroughput"] == {"TargetMiBps": target, "CurrentMiBps": shards}
    described = account.describe_stream_summary(StreamName="a")["StreamDescriptionSummary"]
    assert described["OpenShardCount"] == shards
    answer = account.update_stream_warm_throughput(StreamARN=answer["StreamARN"],
                                                   WarmThroughputMiBps=0)
    assert answer["WarmThroughput"] == {"TargetMiBps": 0, "CurrentMiBps": 4}


def test_a_stream_is_warmed_as_its_mode_is_switched(account):
    commit(account)
    account.create_stream(StreamName="a", ShardCount=2)
    arn = account.describe_stream_summary(StreamName="a")["StreamDescriptionSummary"]["StreamARN"]
    account.update_stream_mode(StreamARN=arn, StreamModeDetails=ON_DEMAND, WarmThroughputMiBps=3)
    described = account.describe_stream_summary(StreamName="a")["StreamDescriptionSummary"]
    assert described["WarmThroughput"] == {"TargetMiBps": 3, "CurrentMiBps": 3}
    account.update_stream_mode(StreamARN=arn, StreamModeDetails={"StreamMode": "PROVISIONED"})
    described = account.describe_stream_summary(StreamName="a")["StreamDescriptionSummary"]
    assert described["OpenShardCount"] == 3 and "WarmThroughput" not in described


def test_a_warmed_stream_keeps_its_records(account):
    commit(account)
    account.create_stream(StreamName="a", StreamModeDetails=ON_DEMAND)
    put = account.put_record(StreamName="a", Data=b"kept", PartitionKey="k")
    account.update_stream_warm_throughput(StreamName="a", WarmThroughputMiBps=8)
    iterator = account.get_shard_iterator(StreamName="a", ShardId=put["ShardId"],
                                          ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    assert account.get_records(ShardIterator=iterator)["Records"][0]["Data"] == b"kept"


@pytest.mark.parametrize("committed", [False, True])
def test_only_on_demand_streams_of_committed_accounts_are_warmed(account, committed):
    account.create_stream(StreamName="p", ShardCount=1)
    account.create_stream(StreamName="d", StreamModeDetails=ON_DEMAND)
    if committed:
        commit(account)
    for name in ["p"] if committed else ["p", "d"]:
        assert error_of(account.update_stream_warm_throughput, StreamName=name,
                        WarmThroughputMiBps=5)[0] == "InvalidArgumentException"


def test_warm_throughput_has_a_bound(account):
    # "By default, you cannot scale to more than 10 GiBps for an on-demand stream."
    commit(account)
    assert error_of(account.create_stream, StreamName="a", StreamModeDetails=ON_DEMAND,
                    WarmThroughputMiBps=10241)[0] == "LimitExceededException"


def test_a_provisioned_stream_is_never_warm(account):
    commit(account)
    account.create_stream(StreamName="a", ShardCount=1)
    arn = account.describe_stream_summary(StreamName="a")["StreamDescriptionSummary"]["StreamARN"]
    assert error_of(account.update_stream_mode, StreamARN=arn, WarmThroughputMiBps=5,
                    StreamModeDetails={"StreamMode": "PROVISIONED"})[0] == (
        "InvalidArgumentException")
    described = account.describe_stream_summary(StreamName="a")["StreamDescriptionSummary"]
    assert "WarmThroughput" not in described


def test_on_demand_advantage_lets_a_stream_have_fifty_consumers(account):
    commit(account)
    account.create_stream(StreamName="a", StreamModeDetails=ON_DEMAND)
    arn = account.describe_stream_summary(StreamName="a")["StreamDescriptionSummary"]["StreamARN"]
    for i in range(50):
        account.register_stream_consumer(StreamARN=arn, ConsumerName=f"c{i}")
    code, message = error_of(account.register_stream_consumer, StreamARN=arn, ConsumerName="more")
    assert code == "LimitExceededException"
    assert "limit of 50 consumers" in message
