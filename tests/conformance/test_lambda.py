"""Functions through boto3: made, changed, called, deleted."""

import base64
import io
import json
import time
import uuid
import zipfile

import pytest
from botocore.exceptions import ClientError

ROLE = "arn:aws:iam::000000000000:role/worker"
ECHO = "def handler(event, context):\n    return event\n"
WAIT_SECONDS_MAX = 60


def package(**files):
    """A zip of files; `app_py="..."` stands for app.py."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(".".join(name.rsplit("_", 1)), content)
    return buffer.getvalue()


@pytest.fixture(name="lambda_")
def lambda_client(client):
    return client("lambda")


@pytest.fixture
def make_function(lambda_, unique_name):
    """Makes functions that are gone behind the test; gives the answer of CreateFunction."""
    names = []

    def make(code=ECHO, **options):
        files = options.pop("files", None) or {"app_py": code}
        settings = {"FunctionName": unique_name("function"), "Runtime": "python3.13", "Role": ROLE,
                    "Handler": "app.handler", "Code": {"ZipFile": package(**files)}, **options}
        made = lambda_.create_function(**settings)
        names.append(made["FunctionName"])
        return made

    yield make
    for name in names:
        try:
            lambda_.delete_function(FunctionName=name)
        except ClientError as error:
            assert error.response["Error"]["Code"] == "ResourceNotFoundException"


@pytest.fixture
def invoke(lambda_):
    """invoke(name, event) gives the answer, its payload read as JSON."""
    def run(name, event=None, **options):
        answer = lambda_.invoke(FunctionName=name, Payload=json.dumps(event), **options)
        body = answer["Payload"].read()
        return answer, json.loads(body) if body else None
    return run


def fails(call, code, text, **arguments):
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    error = caught.value.response["Error"]
    assert error["Code"] == code, error
    assert text in error["Message"], error
    return caught.value.response


def test_create_describes_the_function(lambda_, make_function):
    made = make_function(Description="echo", MemorySize=256, Timeout=7, Tags={"team": "a"},
                         Environment={"Variables": {"AA": "1"}}, EphemeralStorage={"Size": 600})
    name = made["FunctionName"]
    assert made["FunctionArn"].endswith(f":function:{name}")
    assert made["State"] == "Active" and made["LastUpdateStatus"] == "Successful"
    assert made["Version"] == "$LATEST" and made["CodeSize"] > 0
    assert len(base64.b64decode(made["CodeSha256"])) == 32
    got = lambda_.get_function(FunctionName=name)
    assert got["Tags"] == {"team": "a"}
    expected = {key: value for key, value in made.items() if key != "ResponseMetadata"}
    assert {key: got["Configuration"][key] for key in expected} == expected
    described = lambda_.get_function_configuration(FunctionName=made["FunctionArn"])
    assert described["Timeout"] == 7 and described["MemorySize"] == 256
    assert described["Environment"] == {"Variables": {"AA": "1"}}
    assert described["EphemeralStorage"] == {"Size": 600}


def test_create_refuses_what_is_wrong(lambda_, make_function):
    made = make_function()
    name = made["FunctionName"]
    fails(make_function, "ResourceConflictException", f"Function already exist: {name}",
          FunctionName=name)
    fails(make_function, "InvalidParameterValueException", "Could not unzip uploaded file",
          Code={"ZipFile": b"not a zip"})
    fails(make_function, "InvalidParameterValueException", "reserved keys",
          Environment={"Variables": {"AWS_REGION": "x"}})
    fails(make_function, "InvalidParameterValueException", "4KB limit",
          Environment={"Variables": {"AA": "x" * 5000}})
    fails(make_function, "InvalidParameterValueException", "java21", Runtime="java21")


@pytest.mark.local
def test_create_names_what_is_not_built(make_function):
    for parameter, value in [("Layers", ["arn:aws:lambda:us-east-1:000000000000:layer:a:1"]),
                             ("Publish", True),
                             ("VpcConfig", {"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}),
                             ("TracingConfig", {"Mode": "Active"})]:
        fails(make_function, "ValidationException", parameter, **{parameter: value})


@pytest.mark.local
def test_a_zip_cannot_write_outside_its_folder(make_function):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("../evil.py", "x = 1")
    fails(make_function, "InvalidParameterValueException", "Could not unzip uploaded file",
          Code={"ZipFile": buffer.getvalue()})


def test_a_function_that_is_not_there(lambda_, unique_name):
    name = unique_name("missing")
    for call in (lambda_.get_function, lambda_.delete_function, lambda_.invoke,
                 lambda_.get_function_configuration):
        response = fails(call, "ResourceNotFoundException", "Function not found: arn:aws:lambda:",
                         FunctionName=name)
        assert response["ResponseMetadata"]["HTTPStatusCode"] == 404


def test_invoke_answers_what_the_handler_returns(make_function, invoke):
    made = make_function()
    for name in (made["FunctionName"], made["FunctionArn"],
                 made["FunctionArn"] + ":$LATEST", made["FunctionName"] + ":$LATEST"):
        answer, body = invoke(name, {"a": [1, 2.5, None, "ü"]})
        assert answer["StatusCode"] == 200 and "FunctionError" not in answer
        assert answer["ExecutedVersion"] == "$LATEST"
        assert body == {"a": [1, 2.5, None, "ü"]}


def test_invoke_without_a_payload_and_dry_run(lambda_, make_function):
    name = make_function()["FunctionName"]
    assert json.loads(lambda_.invoke(FunctionName=name)["Payload"].read()) == {}
    assert lambda_.invoke(FunctionName=name, InvocationType="DryRun")["StatusCode"] == 204
    fails(lambda_.invoke, "InvalidRequestContentException", "Could not parse request body into json",
          FunctionName=name, Payload=b"{oops")
    fails(lambda_.invoke, "ResourceNotFoundException", "Function not found",
          FunctionName=name, Qualifier="7")


def test_the_log_tail(lambda_, make_function, invoke):
    name = make_function("def handler(event, context):\n    print('hello', event)\n")["FunctionName"]
    answer, _ = invoke(name, 1, LogType="Tail")
    log = base64.b64decode(answer["LogResult"]).decode()
    request = answer["ResponseMetadata"]["RequestId"]
    assert log.startswith(f"START RequestId: {request} Version: $LATEST\nhello 1\nEND RequestId: ")
    assert "Billed Duration: " in log and "Memory Size: 128 MB" in log


def test_an_exception(make_function, invoke):
    code = "def handler(event, context):\n    raise KeyError(event)\n"
    answer, body = invoke(make_function(code)["FunctionName"], "k")
    assert answer["FunctionError"] == "Unhandled" and answer["StatusCode"] == 200
    assert body["errorType"] == "KeyError" and body["errorMessage"] == "'k'"
    assert body["stackTrace"] == [
        '  File "/var/task/app.py", line 2, in handler\n    raise KeyError(event)\n']


@pytest.mark.parametrize("code, handler, error, message", [
    ("import absent", "app.handler", "Runtime.ImportModuleError",
     "Unable to import module 'app': No module named 'absent'"),
    ("x = 1", "app.handler", "Runtime.HandlerNotFound",
     "Handler 'handler' missing on module 'app'"),
    ("def handler(e, c): return {1}", "app.handler", "Runtime.MarshalError", "is not JSON serializable"),
    ("def handler(:", "app.handler", "Runtime.UserCodeSyntaxError", "Syntax error in module 'app'"),
    (ECHO, "other.handler", "Runtime.ImportModuleError", "Unable to import module 'other'"),
    ("import os\ndef handler(e, c): os._exit(1)", "app.handler", "Runtime.ExitError",
     "Runtime exited with error: exit status 1"),
])
def test_errors_of_the_runtime(make_function, invoke, code, handler, error, message):
    answer, body = invoke(make_function(code, Handler=handler)["FunctionName"])
    assert answer["FunctionError"] == "Unhandled"
    assert body["errorType"] == error, body
    assert message in body["errorMessage"], body


def test_a_timeout(make_function, invoke):
    code = "import time\ndef handler(event, context):\n    time.sleep(event)\n    return 'awake'\n"
    name = make_function(code, Timeout=1)["FunctionName"]
    answer, body = invoke(name, 30)
    assert answer["FunctionError"] == "Unhandled"
    assert body["errorType"] == "Sandbox.Timedout"
    assert body["errorMessage"].endswith("Task timed out after 1.00 seconds")
    assert invoke(name, 0)[1] == "awake"


def test_an_answer_that_is_too_large(make_function, invoke):
    name = make_function("def handler(n, context):\n    return 'x' * n\n")["FunctionName"]
    answer, body = invoke(name, 6_400_000)
    assert answer["FunctionError"] == "Unhandled"
    assert body["errorType"] == "Function.ResponseSizeTooLarge"
    assert len(invoke(name, 6_000_000)[1]) == 6_000_000


def test_a_payload_that_is_too_large(lambda_, make_function):
    name = make_function()["FunctionName"]
    response = fails(lambda_.invoke, "RequestTooLargeException", "payload is too large",
                     FunctionName=name, Payload=b'"' + b"x" * (6 << 20) + b'"')
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 413


def test_new_code_and_configuration_from_the_next_call_on(lambda_, make_function, invoke):
    made = make_function()
    name = made["FunctionName"]
    assert invoke(name, 1)[1] == 1
    code = "import os\ndef handler(event, context):\n    return os.environ.get('MODE')\n"
    changed = lambda_.update_function_code(FunctionName=name, ZipFile=package(app_py=code))
    assert changed["CodeSha256"] != made["CodeSha256"]
    assert changed["RevisionId"] != made["RevisionId"]
    assert invoke(name)[1] is None
    lambda_.update_function_configuration(FunctionName=name, Timeout=9,
                                          Environment={"Variables": {"MODE": "fast"}})
    assert invoke(name)[1] == "fast"
    fails(lambda_.update_function_configuration, "PreconditionFailedException", "Revision Id",
          FunctionName=name, RevisionId=made["RevisionId"], Timeout=3)


def test_list_in_pages(lambda_, make_function):
    made = {make_function()["FunctionName"] for _ in range(3)}
    listed = [function["FunctionName"]
              for page in lambda_.get_paginator("list_functions").paginate(
                  PaginationConfig={"PageSize": 2})
              for function in page["Functions"]]
    assert made <= set(listed)
    assert listed == sorted(listed)


def test_delete(lambda_, make_function, invoke):
    name = make_function()["FunctionName"]
    invoke(name, 1)
    lambda_.delete_function(FunctionName=name)
    fails(lambda_.invoke, "ResourceNotFoundException", name, FunctionName=name)
    make_function("def handler(e, c): return 'again'", FunctionName=name)
    assert invoke(name)[1] == "again"


def test_the_context_and_the_variables(make_function, invoke):
    code = """
import os
def handler(event, context):
    return {"remaining": context.get_remaining_time_in_millis(), "id": context.aws_request_id,
            "name": context.function_name, "memory": context.memory_limit_in_mb,
            "arn": context.invoked_function_arn, "custom": context.client_context.custom,
            "variables": {k: v for k, v in os.environ.items()}}
"""
    made = make_function(code, Environment={"Variables": {"MINE": "1"}})
    context = base64.b64encode(json.dumps({"custom": {"k": "ü"}}).encode()).decode()
    answer, body = invoke(made["FunctionName"], {}, ClientContext=context)
    assert 0 < body["remaining"] <= 3000
    assert body["id"] == answer["ResponseMetadata"]["RequestId"]
    assert body["name"] == made["FunctionName"] and body["memory"] == "128"
    assert body["arn"] == made["FunctionArn"] and body["custom"] == {"k": "ü"}
    variables = body["variables"]
    assert variables["MINE"] == "1" and variables["_HANDLER"] == "app.handler"
    assert variables["LAMBDA_TASK_ROOT"] == "/var/task"
    assert variables["AWS_LAMBDA_LOG_GROUP_NAME"] == f"/aws/lambda/{made['FunctionName']}"
    assert {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "TZ",
            "AWS_LAMBDA_RUNTIME_API", "AWS_EXECUTION_ENV"} <= set(variables)


def test_boto3_reaches_the_server_with_no_endpoint_in_the_code(make_function, invoke, client,
                                                               unique_name):
    code = """
import boto3
def handler(event, context):
    boto3.client("kinesis").put_record(StreamName=event, Data=b"x", PartitionKey="p")
    return boto3.client("sts").get_caller_identity()["Arn"]
"""
    kinesis, stream = client("kinesis"), unique_name("stream")
    kinesis.create_stream(StreamName=stream, ShardCount=1)
    name = make_function(code, Timeout=30, MemorySize=256)["FunctionName"]
    answer, body = invoke(name, stream)
    assert "FunctionError" not in answer, body
    assert body.startswith("arn:aws:sts::") and body.endswith(f":assumed-role/worker/{name}")
    kinesis.delete_stream(StreamName=stream)


def wait_for(what):
    end = time.monotonic() + WAIT_SECONDS_MAX
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it didn't happen in time")


def test_an_event_is_run_in_the_background(lambda_, make_function, client):
    name = make_function("def handler(event, context):\n    print('ran', event)\n")["FunctionName"]
    mark = uuid.uuid4().hex
    answer = lambda_.invoke(FunctionName=name, InvocationType="Event", Payload=json.dumps(mark))
    assert answer["StatusCode"] == 202
    logs = client("logs")

    def lines():
        try:
            events = logs.filter_log_events(logGroupName=f"/aws/lambda/{name}")["events"]
        except ClientError:
            return None
        return [event["message"] for event in events if f"ran {mark}" in event["message"]]

    assert wait_for(lines)


def test_the_log_goes_to_logs(make_function, invoke, client):
    code = ("import logging\nlog = logging.getLogger()\nlog.setLevel('INFO')\n"
            "def handler(event, context):\n"
            "    log.info('many\\nlines')\n    return [context.log_group_name, context.log_stream_name]\n")
    answer, (group, stream) = invoke(make_function(code)["FunctionName"])
    logs = client("logs")
    request = answer["ResponseMetadata"]["RequestId"]

    def lines():
        try:
            events = logs.get_log_events(logGroupName=group, logStreamName=stream,
                                         startFromHead=True)["events"]
        except ClientError:
            return None
        messages = [event["message"].rstrip("\n") for event in events]
        return messages if any(text.startswith("REPORT") for text in messages) else None

    messages = wait_for(lines)
    assert messages[0].startswith("INIT_START Runtime Version: python:3.")
    assert messages[1] == f"START RequestId: {request} Version: $LATEST"
    assert messages[2].startswith("[INFO]\t") and messages[2].endswith(f"\t{request}\tmany\nlines")
    assert messages[3] == f"END RequestId: {request}"
    assert messages[4].startswith(f"REPORT RequestId: {request}\tDuration: ")


def test_many_calls_at_once(make_function, lambda_):
    from concurrent.futures import ThreadPoolExecutor
    name = make_function("def handler(event, context):\n    return event * 2\n")["FunctionName"]

    def call(number):
        answer = lambda_.invoke(FunctionName=name, Payload=json.dumps(number))
        return json.loads(answer["Payload"].read())

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(call, range(64))) == [2 * number for number in range(64)]
