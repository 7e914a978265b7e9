"""Roles and policies through boto3. What IAM keeps and gives back; enforcement isn't tested here."""

import json

import pytest
from botocore.exceptions import ClientError

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
ALLOW = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["kinesis:*"], "Resource": "*"}],
}
DENY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Deny", "Action": "dynamodb:*", "Resource": "*"}],
}
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


@pytest.fixture
def iam(client):
    return client("iam")


@pytest.fixture
def role(iam, unique_name):
    """A role's name; gone with its policies behind the test."""
    name = unique_name("role")
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
    yield name
    for policy in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=name, PolicyArn=policy["PolicyArn"])
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        iam.delete_role_policy(RoleName=name, PolicyName=policy)
    iam.delete_role(RoleName=name)


@pytest.fixture
def policy(iam, unique_name):
    """A managed policy's ARN; gone behind the test."""
    arn = iam.create_policy(PolicyName=unique_name("policy"), PolicyDocument=json.dumps(ALLOW))[
        "Policy"
    ]["Arn"]
    yield arn
    for version in iam.list_policy_versions(PolicyArn=arn)["Versions"]:
        if not version["IsDefaultVersion"]:
            iam.delete_policy_version(PolicyArn=arn, VersionId=version["VersionId"])
    iam.delete_policy(PolicyArn=arn)


def error_of(call, **arguments):
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return caught.value.response["Error"]


# ---- Roles


def test_a_new_role_is_described(iam, unique_name):
    name = unique_name("role")
    made = iam.create_role(
        RoleName=name,
        Path="/teams/data/",
        AssumeRolePolicyDocument=json.dumps(TRUST),
        Description="reads <streams> & tables",
        MaxSessionDuration=7200,
        Tags=[{"Key": "team", "Value": "data"}],
    )["Role"]
    got = iam.get_role(RoleName=name)["Role"]
    account = got["Arn"].split(":")[4]
    assert got["Arn"] == f"arn:aws:iam::{account}:role/teams/data/{name}"
    assert got["RoleId"].startswith("AROA") and len(got["RoleId"]) == 21
    assert got["AssumeRolePolicyDocument"] == TRUST
    assert got["Description"] == "reads <streams> & tables"
    assert got["MaxSessionDuration"] == 7200
    assert got["Tags"] == [{"Key": "team", "Value": "data"}]
    assert made["RoleId"] == got["RoleId"] and made["CreateDate"] == got["CreateDate"]
    iam.delete_role(RoleName=name)


def test_roles_are_the_same_in_every_region(client, role):
    elsewhere = client("iam", region_name="eu-central-1")
    assert elsewhere.get_role(RoleName=role)["Role"]["RoleName"] == role


def test_a_role_is_made_once(iam, role):
    error = error_of(iam.create_role, RoleName=role, AssumeRolePolicyDocument=json.dumps(TRUST))
    assert error["Code"] == "EntityAlreadyExists"
    assert error["Message"] == f"Role with name {role} already exists."


@pytest.mark.parametrize(
    "operation,arguments",
    [
        ("get_role", {}),
        ("delete_role", {}),
        ("update_role", {}),
        ("list_role_policies", {}),
        ("list_role_tags", {}),
        ("list_attached_role_policies", {}),
        ("update_assume_role_policy", {"PolicyDocument": json.dumps(TRUST)}),
        ("put_role_policy", {"PolicyName": "p", "PolicyDocument": json.dumps(ALLOW)}),
        ("attach_role_policy", {"PolicyArn": READ_ONLY}),
        ("tag_role", {"Tags": [{"Key": "k", "Value": "v"}]}),
    ],
)
def test_a_missing_role_is_named(iam, operation, arguments):
    error = error_of(getattr(iam, operation), RoleName="no-such-role", **arguments)
    assert error["Code"] == "NoSuchEntity"
    assert error["Message"] == "The role with name no-such-role cannot be found."


def test_roles_are_listed_in_pages_below_a_path(iam, unique_name):
    path = f"/{unique_name('path')}/"
    names = sorted(unique_name("role") for _ in range(3))
    for name in names:
        iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=json.dumps(TRUST))
    pages = list(
        iam.get_paginator("list_roles").paginate(
            PathPrefix=path, PaginationConfig={"PageSize": 2}
        )
    )
    assert [len(page["Roles"]) for page in pages] == [2, 1]
    assert [page["IsTruncated"] for page in pages] == [True, False]
    assert [role["RoleName"] for page in pages for role in page["Roles"]] == names
    for name in names:
        iam.delete_role(RoleName=name)


def test_a_role_is_changed(iam, role):
    iam.update_role(RoleName=role, Description="new", MaxSessionDuration=43200)
    trust = dict(TRUST, Statement=[dict(TRUST["Statement"][0], Sid="Changed")])
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(trust))
    got = iam.get_role(RoleName=role)["Role"]
    assert (got["Description"], got["MaxSessionDuration"]) == ("new", 43200)
    assert got["AssumeRolePolicyDocument"] == trust


def test_tags_of_a_role(iam, role):
    iam.tag_role(RoleName=role, Tags=[{"Key": "b", "Value": "1"}, {"Key": "a", "Value": ""}])
    iam.tag_role(RoleName=role, Tags=[{"Key": "b", "Value": "2"}])
    tags = iam.list_role_tags(RoleName=role)
    assert tags["IsTruncated"] is False
    assert sorted(tags["Tags"], key=lambda tag: tag["Key"]) == [
        {"Key": "a", "Value": ""},
        {"Key": "b", "Value": "2"},
    ]
    iam.untag_role(RoleName=role, TagKeys=["b", "missing"])
    assert [tag["Key"] for tag in iam.list_role_tags(RoleName=role)["Tags"]] == ["a"]
    error = error_of(
        iam.tag_role, RoleName=role, Tags=[{"Key": "c", "Value": "1"}, {"Key": "C", "Value": "2"}]
    )
    assert error["Code"] == "InvalidInput"
    assert error["Message"] == (
        "Duplicate tag keys found. Please note that Tag keys are case insensitive."
    )


def test_a_trust_policy_is_checked(iam, unique_name):
    error = error_of(
        iam.create_role, RoleName=unique_name("role"), AssumeRolePolicyDocument="{"
    )
    assert error["Code"] == "MalformedPolicyDocument"
    assert error["Message"] == "This policy contains invalid Json"


def test_a_permissions_boundary_is_refused_by_name(iam, unique_name, endpoint):
    if endpoint is None:
        pytest.skip("AWS has boundaries")
    error = error_of(
        iam.create_role,
        RoleName=unique_name("role"),
        AssumeRolePolicyDocument=json.dumps(TRUST),
        PermissionsBoundary=READ_ONLY,
    )
    assert "PermissionsBoundary" in error["Message"]


# ---- Inline policies


def test_inline_policies_are_given_back(iam, role):
    iam.put_role_policy(RoleName=role, PolicyName="two", PolicyDocument=json.dumps(ALLOW))
    iam.put_role_policy(RoleName=role, PolicyName="one", PolicyDocument=json.dumps(ALLOW))
    iam.put_role_policy(RoleName=role, PolicyName="one", PolicyDocument=json.dumps(DENY, indent=1))
    assert iam.list_role_policies(RoleName=role)["PolicyNames"] == ["one", "two"]
    got = iam.get_role_policy(RoleName=role, PolicyName="one")
    assert (got["RoleName"], got["PolicyName"]) == (role, "one")
    assert got["PolicyDocument"] == DENY

    first = iam.list_role_policies(RoleName=role, MaxItems=1)
    assert (first["PolicyNames"], first["IsTruncated"]) == (["one"], True)
    second = iam.list_role_policies(RoleName=role, Marker=first["Marker"])
    assert (second["PolicyNames"], second["IsTruncated"]) == (["two"], False)

    error = error_of(iam.delete_role, RoleName=role)
    assert error["Code"] == "DeleteConflict"
    assert error["Message"] == "Cannot delete entity, must delete policies first."
    iam.delete_role_policy(RoleName=role, PolicyName="one")
    for call in (iam.get_role_policy, iam.delete_role_policy):
        error = error_of(call, RoleName=role, PolicyName="one")
        assert error["Code"] == "NoSuchEntity"
        assert error["Message"] == "The role policy with name one cannot be found."


@pytest.mark.parametrize(
    "document,message",
    [
        ("nonsense", "Syntax errors in policy."),
        (
            '{"Statement": {"Effect": "Allow", "Action": "a:b", "Resource": "*"}}',
            "Policy document must be version 2012-10-17 or greater.",
        ),
        (
            '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "a:b", '
            '"Resource": "x"}}',
            'Resource x must be in ARN format or "*".',
        ),
        (
            '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "a:b"}}',
            "Policy statement must contain resources.",
        ),
    ],
)
def test_a_malformed_policy_is_refused(iam, role, document, message):
    error = error_of(iam.put_role_policy, RoleName=role, PolicyName="p", PolicyDocument=document)
    assert error == {"Type": "Sender", "Code": "MalformedPolicyDocument", "Message": message}


# ---- Managed policies


def test_a_managed_policy_is_described(iam, unique_name):
    name = unique_name("policy")
    arn = iam.create_policy(
        PolicyName=name,
        Path="/teams/",
        PolicyDocument=json.dumps(ALLOW),
        Description="all of Kinesis",
        Tags=[{"Key": "k", "Value": "v"}],
    )["Policy"]["Arn"]
    got = iam.get_policy(PolicyArn=arn)["Policy"]
    assert arn.endswith(f":policy/teams/{name}")
    assert got["PolicyName"] == name
    assert got["PolicyId"].startswith("ANPA")
    assert got["DefaultVersionId"] == "v1"
    assert got["AttachmentCount"] == 0
    assert got["IsAttachable"] is True
    assert got["Description"] == "all of Kinesis"
    assert got["Tags"] == [{"Key": "k", "Value": "v"}]
    version = iam.get_policy_version(PolicyArn=arn, VersionId="v1")["PolicyVersion"]
    assert version["Document"] == ALLOW
    assert version["IsDefaultVersion"] is True
    error = error_of(iam.create_policy, PolicyName=name, PolicyDocument=json.dumps(ALLOW))
    assert error["Code"] == "EntityAlreadyExists"
    assert error["Message"] == (
        f"A policy called {name} already exists. Duplicate names are not allowed."
    )
    listed = iam.list_policies(Scope="Local", PathPrefix="/teams/")["Policies"]
    assert arn in [policy["Arn"] for policy in listed]
    iam.delete_policy(PolicyArn=arn)
    error = error_of(iam.get_policy, PolicyArn=arn)
    assert error["Code"] == "NoSuchEntity"
    assert error["Message"] == f"Policy {arn} was not found."


def test_policies_are_attached_and_detached(iam, role, policy):
    iam.attach_role_policy(RoleName=role, PolicyArn=policy)
    iam.attach_role_policy(RoleName=role, PolicyArn=policy)
    iam.attach_role_policy(RoleName=role, PolicyArn=READ_ONLY)
    attached = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    assert sorted(attached, key=lambda entry: entry["PolicyName"]) == [
        {"PolicyName": "ReadOnlyAccess", "PolicyArn": READ_ONLY},
        {"PolicyName": policy.rsplit("/", 1)[1], "PolicyArn": policy},
    ]
    assert iam.get_policy(PolicyArn=policy)["Policy"]["AttachmentCount"] == 1

    error = error_of(iam.delete_role, RoleName=role)
    assert error["Code"] == "DeleteConflict"
    assert error["Message"] == "Cannot delete entity, must detach all policies first."
    error = error_of(iam.delete_policy, PolicyArn=policy)
    assert error["Code"] == "DeleteConflict"
    assert error["Message"] == "Cannot delete a policy attached to entities."

    iam.detach_role_policy(RoleName=role, PolicyArn=policy)
    error = error_of(iam.detach_role_policy, RoleName=role, PolicyArn=policy)
    assert error["Code"] == "NoSuchEntity"
    assert error["Message"] == f"Policy {policy} was not found."
    missing = policy + "-missing"
    error = error_of(iam.attach_role_policy, RoleName=role, PolicyArn=missing)
    assert error["Code"] == "NoSuchEntity"
    assert error["Message"] == f"Policy {missing} does not exist or is not attachable."


@pytest.mark.local  # AWS knows which policies it has
def test_ten_policies_may_be_attached_to_a_role(iam, role):
    for number in range(10):
        iam.attach_role_policy(RoleName=role, PolicyArn=f"{READ_ONLY}{number}")
    error = error_of(iam.attach_role_policy, RoleName=role, PolicyArn=READ_ONLY)
    assert error["Code"] == "LimitExceeded"
    assert error["Message"] == "Cannot exceed quota for PoliciesPerRole: 10"


def test_a_managed_policy_has_versions(iam, policy):
    made = iam.create_policy_version(
        PolicyArn=policy, PolicyDocument=json.dumps(DENY), SetAsDefault=True
    )["PolicyVersion"]
    assert (made["VersionId"], made["IsDefaultVersion"]) == ("v2", True)
    versions = iam.list_policy_versions(PolicyArn=policy)["Versions"]
    assert [(v["VersionId"], v["IsDefaultVersion"]) for v in versions] == [
        ("v2", True),
        ("v1", False),
    ]
    assert iam.get_policy(PolicyArn=policy)["Policy"]["DefaultVersionId"] == "v2"
    error = error_of(iam.delete_policy_version, PolicyArn=policy, VersionId="v2")
    assert error["Code"] == "DeleteConflict"
    assert error["Message"] == "Cannot delete the default version of a policy."
    iam.set_default_policy_version(PolicyArn=policy, VersionId="v1")
    iam.delete_policy_version(PolicyArn=policy, VersionId="v2")
    error = error_of(iam.get_policy_version, PolicyArn=policy, VersionId="v2")
    assert error["Code"] == "NoSuchEntity"
