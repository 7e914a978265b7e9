"""What users of CloudWatch Logs do through boto3 and the aws command."""

import time

import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.sanitizers


@pytest.fixture
def logs(client):
    return client("logs")


@pytest.fixture
def group(logs, unique_name):
    name = f"/test/{unique_name('group')}"
    logs.create_log_group(logGroupName=name)
    yield name
    logs.delete_log_group(logGroupName=name)


@pytest.fixture
def stream(logs, group):
    logs.create_log_stream(logGroupName=group, logStreamName="a/b[1]")
    return "a/b[1]"


def now_ms():
    return int(time.time() * 1000)


def put(logs, group, stream, *messages, at=None):
    at = at or now_ms()
    return logs.put_log_events(
        logGroupName=group, logStreamName=stream,
        logEvents=[{"timestamp": at + i, "message": message}
                   for i, message in enumerate(messages)])


def error_of(call, **arguments):
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return caught.value.response["Error"]


def test_a_group_is_described(logs, group):
    described = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    assert [entry["logGroupName"] for entry in described] == [group]
    assert described[0]["arn"].endswith(f":log-group:{group}:*")
    assert described[0]["storedBytes"] == 0
    assert "retentionInDays" not in described[0]


def test_a_group_exists_once(logs, group):
    error = error_of(logs.create_log_group, logGroupName=group)
    assert error["Code"] == "ResourceAlreadyExistsException"
    assert error["Message"] == "The specified log group already exists"


def test_what_is_missing_is_named(logs, group):
    error = error_of(logs.delete_log_group, logGroupName="no-such-group")
    assert error["Code"] == "ResourceNotFoundException"
    assert error["Message"] == "The specified log group does not exist."
    error = error_of(logs.get_log_events, logGroupName=group, logStreamName="none")
    assert error["Message"] == "The specified log stream does not exist."


def test_names_are_checked(logs):
    error = error_of(logs.create_log_group, logGroupName="no spaces")
    assert error["Code"] == "InvalidParameterException"


def test_events_come_back(logs, group, stream):
    at = now_ms()
    answer = put(logs, group, stream, "one", "two", "three", at=at)
    assert answer["nextSequenceToken"]
    page = logs.get_log_events(logGroupName=group, logStreamName=stream, startFromHead=True)
    assert [(event["timestamp"], event["message"]) for event in page["events"]] == [
        (at, "one"), (at + 1, "two"), (at + 2, "three")]
    assert page["nextForwardToken"].startswith("f/")
    assert page["nextBackwardToken"].startswith("b/")
    described = logs.describe_log_streams(logGroupName=group)["logStreams"][0]
    assert (described["firstEventTimestamp"], described["lastEventTimestamp"]) == (at, at + 2)


def test_all_streams_are_filtered_in_the_order_of_time(logs, group, stream):
    logs.create_log_stream(logGroupName=group, logStreamName="c")
    at = now_ms()
    for i in range(10):
        put(logs, group, stream if i % 2 else "c", f"ERROR {i}" if i % 3 else f"INFO {i}", at=at + i)
    pages = logs.get_paginator("filter_log_events").paginate(
        logGroupName=group, filterPattern="ERROR", PaginationConfig={"PageSize": 2})
    events = [event for page in pages for event in page["events"]]
    assert [event["message"] for event in events] == [
        f"ERROR {i}" for i in range(10) if i % 3]
    assert len({event["eventId"] for event in events}) == len(events)


def test_json_patterns(logs, group, stream):
    put(logs, group, stream, '{"status":200}', '{"status":503,"path":"/x"}', "plain")
    events = logs.filter_log_events(
        logGroupName=group, filterPattern='{ $.status >= 500 && $.path = "/*" }')["events"]
    assert [event["message"] for event in events] == ['{"status":503,"path":"/x"}']


def test_a_bad_pattern_is_refused(logs, group):
    error = error_of(logs.filter_log_events, logGroupName=group, filterPattern="a:b")
    assert error["Code"] == "InvalidParameterException"
    assert "Invalid character(s) in term 'a:b'" in error["Message"]


def test_events_must_be_in_order(logs, group, stream):
    at = now_ms()
    error = error_of(logs.put_log_events, logGroupName=group, logStreamName=stream, logEvents=[
        {"timestamp": at, "message": "2"}, {"timestamp": at - 1, "message": "1"}])
    assert error["Code"] == "InvalidParameterException"
    assert error["Message"] == (
        "Log events in a single PutLogEvents request must be in chronological order.")


def test_old_and_new_events_are_left_out_and_told(logs, group, stream):
    at = now_ms()
    day = 86_400_000
    answer = logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=[
        {"timestamp": at - 15 * day, "message": "old"}, {"timestamp": at, "message": "good"},
        {"timestamp": at + day, "message": "new"}])
    assert answer["rejectedLogEventsInfo"] == {
        "tooOldLogEventEndIndex": 1, "tooNewLogEventStartIndex": 2}


def test_retention_is_kept(logs, group):
    logs.put_retention_policy(logGroupName=group, retentionInDays=7)
    assert logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"][0][
        "retentionInDays"] == 7
    logs.delete_retention_policy(logGroupName=group)
    assert "retentionInDays" not in logs.describe_log_groups(
        logGroupNamePrefix=group)["logGroups"][0]
    assert error_of(logs.put_retention_policy, logGroupName=group, retentionInDays=2)["Code"] in (
        "InvalidParameterException", "ValidationException")


def test_tags(logs, group):
    arn = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"][0]["logGroupArn"]
    logs.tag_resource(resourceArn=arn, tags={"team": "a", "stage": "b"})
    logs.untag_resource(resourceArn=arn, tagKeys=["stage"])
    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {"team": "a"}


def test_pages_of_streams(logs, group):
    for i in range(7):
        logs.create_log_stream(logGroupName=group, logStreamName=f"s{i}")
    pages = logs.get_paginator("describe_log_streams").paginate(
        logGroupName=group, PaginationConfig={"PageSize": 3})
    assert [entry["logStreamName"] for page in pages for entry in page["logStreams"]] == [
        f"s{i}" for i in range(7)]


def test_a_deleted_stream_is_gone(logs, group, stream):
    put(logs, group, stream, "x")
    logs.delete_log_stream(logGroupName=group, logStreamName=stream)
    assert logs.filter_log_events(logGroupName=group)["events"] == []
    logs.create_log_stream(logGroupName=group, logStreamName=stream)
    assert logs.get_log_events(logGroupName=group, logStreamName=stream)["events"] == []


def test_the_aws_command_filters(aws, logs, group, stream):
    put(logs, group, stream, "hello", "world")
    events = aws("logs", "filter-log-events", "--log-group-name", group,
                 "--filter-pattern", "world")["events"]
    assert [event["message"] for event in events] == ["world"]
