"""Who a caller is, and temporary credentials for a role."""

import datetime
import json

import pytest
from botocore.exceptions import ClientError

from server_process import ServerProcess


@pytest.fixture
def sts(client):
    return client("sts")


@pytest.fixture
def account(sts):
    return sts.get_caller_identity()["Account"]


@pytest.fixture
def role(client, account, unique_name):
    """A role that whoever of this account may assume; gone behind the test."""
    iam = client("iam")
    name = unique_name("role")
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": account}, "Action": "sts:AssumeRole"}
        ],
    }
    yield iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]
    iam.delete_role(RoleName=name)


def error_of(call, **arguments):
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return caught.value.response["Error"]


def keys(credentials):
    """A client's arguments."""
    return {
        "aws_access_key_id": credentials["AccessKeyId"],
        "aws_secret_access_key": credentials["SecretAccessKey"],
        "aws_session_token": credentials["SessionToken"],
    }


def test_a_caller_is_told_who_it_is(sts):
    identity = sts.get_caller_identity()
    assert identity["Arn"].split(":")[4] == identity["Account"]
    assert identity["UserId"]


@pytest.mark.local  # the key id is the account
def test_an_account_calls_as_its_root(client):
    identity = client("sts", aws_access_key_id="111122223333").get_caller_identity()
    assert identity["Account"] == "111122223333"
    assert identity["Arn"] == "arn:aws:iam::111122223333:root"
    assert identity["UserId"] == "111122223333"


def test_an_assumed_role_is_who_its_credentials_say(client, sts, account, role):
    assumed = sts.assume_role(RoleArn=role["Arn"], RoleSessionName="me@here")
    user, credentials = assumed["AssumedRoleUser"], assumed["Credentials"]
    assert user["Arn"] == f"arn:aws:sts::{account}:assumed-role/{role['RoleName']}/me@here"
    assert user["AssumedRoleId"] == f"{role['RoleId']}:me@here"
    assert credentials["AccessKeyId"].startswith("ASIA")
    remaining = credentials["Expiration"] - datetime.datetime.now(datetime.timezone.utc)
    assert 3500 < remaining.total_seconds() <= 3600

    identity = client("sts", **keys(credentials)).get_caller_identity()
    assert identity["Arn"] == user["Arn"]
    assert identity["Account"] == account
    assert identity["UserId"] == user["AssumedRoleId"]
    found = sts.get_access_key_info(AccessKeyId=credentials["AccessKeyId"])
    assert found["Account"] == account


def test_a_session_needs_its_secret_and_token(client, sts, role):
    credentials = sts.assume_role(RoleArn=role["Arn"], RoleSessionName="me")["Credentials"]
    arguments = keys(credentials)
    for name in ("aws_secret_access_key", "aws_session_token"):
        wrong = client("sts", **dict(arguments, **{name: "wrong"}))
        assert error_of(wrong.get_caller_identity)["Code"] in (
            "InvalidClientTokenId",
            "SignatureDoesNotMatch",
        )


def test_a_missing_role_cannot_be_assumed(sts, account):
    arn = f"arn:aws:iam::{account}:role/no-such-role"
    caller = sts.get_caller_identity()["Arn"]
    error = error_of(sts.assume_role, RoleArn=arn, RoleSessionName="me")
    assert error["Code"] == "AccessDenied"
    assert error["Message"] == (
        f"User: {caller} is not authorized to perform: sts:AssumeRole on resource: {arn}"
    )


@pytest.mark.local  # two accounts
def test_another_accounts_role_must_trust_the_caller(client, sts, account, role):
    stranger = client("sts", aws_access_key_id="111122223333")
    error = error_of(stranger.assume_role, RoleArn=role["Arn"], RoleSessionName="me")
    assert error["Code"] == "AccessDenied"
    trust = json.loads(json.dumps(role["AssumeRolePolicyDocument"]))
    trust["Statement"][0]["Principal"]["AWS"] = "arn:aws:iam::111122223333:root"
    client("iam").update_assume_role_policy(
        RoleName=role["RoleName"], PolicyDocument=json.dumps(trust)
    )
    assumed = stranger.assume_role(RoleArn=role["Arn"], RoleSessionName="me")
    assert assumed["AssumedRoleUser"]["Arn"].split(":")[4] == account


def test_a_session_lasts_no_longer_than_its_role_allows(client, sts, role):
    error = error_of(
        sts.assume_role, RoleArn=role["Arn"], RoleSessionName="me", DurationSeconds=3601
    )
    assert error["Code"] == "ValidationError"
    assert error["Message"] == (
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
    )
    client("iam").update_role(RoleName=role["RoleName"], MaxSessionDuration=7200)
    assumed = sts.assume_role(RoleArn=role["Arn"], RoleSessionName="me", DurationSeconds=7200)
    chained = client("sts", **keys(assumed["Credentials"]))
    error = error_of(
        chained.assume_role, RoleArn=role["Arn"], RoleSessionName="me", DurationSeconds=3601
    )
    assert error["Message"] == (
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role "
        "chaining."
    )


def test_an_arn_that_names_no_role_is_invalid(sts, account):
    arn = f"arn:aws:iam::{account}:user/someone"
    error = error_of(sts.assume_role, RoleArn=arn, RoleSessionName="me")
    assert (error["Code"], error["Message"]) == ("ValidationError", f"{arn} is invalid")


@pytest.mark.local  # AWS has them
@pytest.mark.parametrize(
    "parameter,value",
    [
        ("Policy", "{}"),
        ("Tags", [{"Key": "k", "Value": "v"}]),
        ("ExternalId", "external"),
        ("SourceIdentity", "someone"),
    ],
)
def test_what_is_not_built_is_refused_by_name(sts, role, parameter, value):
    error = error_of(
        sts.assume_role, RoleArn=role["Arn"], RoleSessionName="me", **{parameter: value}
    )
    assert parameter in error["Message"]


@pytest.mark.local
def test_a_session_outlives_a_crash(client, tmp_path):
    server = ServerProcess(tmp_path / "data").start()
    endpoint = {"endpoint_url": server.endpoint}
    role = client("iam", **endpoint).create_role(
        RoleName="deploy",
        AssumeRolePolicyDocument='{"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", '
        '"Principal": {"AWS": "*"}}}',
    )["Role"]
    session = client("sts", **endpoint).assume_role(RoleArn=role["Arn"], RoleSessionName="me")
    server.kill()
    server.start()
    identity = client("sts", **endpoint, **keys(session["Credentials"])).get_caller_identity()
    assert identity["UserId"] == f"{role['RoleId']}:me"
    assert server.stop() == 0
