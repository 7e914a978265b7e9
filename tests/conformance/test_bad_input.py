"""Malformed requests for every protocol: the right error, the connection as the rules have it, and a
server that lives on. A table a protocol; each row is a name, the body, and the codes that may come."""

import base64
import json
import socket
import urllib.parse

import pytest

from wire import Connection

pytestmark = [pytest.mark.local, pytest.mark.sanitizers]

SERIALIZATION = {"SerializationException"}
INVALID = {"ValidationException", "InvalidParameterException", "InvalidArgumentException",
           "SerializationException"}
DEEP = 100_000


@pytest.fixture
def connection(endpoint):
    opened = Connection(endpoint)
    yield opened
    opened.close()


def json_headers(target, version="1.1"):
    return {"X-Amz-Target": target, "Content-Type": f"application/x-amz-json-{version}"}


KINESIS = ("kinesis", json_headers("Kinesis_20131202.PutRecord"))
SHARDS = ("kinesis", json_headers("Kinesis_20131202.ListShards"))
DYNAMODB = ("dynamodb", json_headers("DynamoDB_20120810.PutItem", "1.0"))
LOGS = ("logs", json_headers("Logs_20140328.PutLogEvents"))


TEXT_MEMBER = {"kinesis": b"StreamName", "dynamodb": b"TableName", "logs": b"logGroupName"}


def nested(opening, closing):
    return (opening * DEEP + closing * DEEP).encode()


# What no JSON service can read; NAME stands for the name of a text member of the operation.
BROKEN_JSON = {
    "no JSON": b"hello",
    "truncated": b'{"NAME": "s", "Data": "aGk=',
    "cut after a name": b'{"NAME"',
    "an array": b"[]",
    "a number": b"7",
    "text behind the end": b'{} {}',
    "a missing comma": b'{"NAME": "s" "PartitionKey": "k"}',
    "a bare word": b'{"NAME": nothing}',
    "single quotes": b"{'NAME': 's'}",
    "a lone surrogate cut short": b'{"NAME": "\\ud8"}',
    "a bad escape": b'{"NAME": "\\x"}',
    "a raw control character": b'{"NAME": "a\x01b"}',
    "bad UTF-8": b'{"NAME": "\xff\xfe"}',
    "overlong UTF-8": b'{"NAME": "\xc0\xaf"}',
    "deep arrays": b'{"NAME": ' + nested("[", "]") + b"}",
    "deep objects": b'{"NAME": ' + (b'{"a":' * DEEP) + b"1" + b"}" * DEEP + b"}",
    "deep and never closed": b'{"NAME": ' + b"[" * DEEP,
}

WRONG_KINDS = {
    "a number for text": (KINESIS, {"StreamName": 5, "PartitionKey": "k", "Data": ""}, SERIALIZATION),
    "an object for text": (KINESIS, {"StreamName": {}, "PartitionKey": "k"}, SERIALIZATION),
    "text for a number": (SHARDS, {"StreamName": "s", "MaxResults": "five"}, SERIALIZATION),
    "a fraction for a number": (SHARDS, {"StreamName": "s", "MaxResults": 1.5},
                                INVALID | {"ResourceNotFoundException"}),
    "text for a list": (LOGS, {"logGroupName": "g", "logStreamName": "s", "logEvents": "x"},
                        SERIALIZATION),
    "a list for a map": (DYNAMODB, {"TableName": "table", "Item": []}, SERIALIZATION),
    "bad base64": (KINESIS, {"StreamName": "s", "PartitionKey": "k", "Data": "%%%"}, SERIALIZATION),
    "base64 cut short": (KINESIS, {"StreamName": "s", "PartitionKey": "k", "Data": "aGk"},
                         SERIALIZATION),
    "bad base64 in an item": (DYNAMODB, {"TableName": "table", "Item": {"a": {"B": "***"}}},
                              SERIALIZATION | INVALID),
    "a value of two kinds": (DYNAMODB, {"TableName": "table", "Item": {"a": {"S": "x", "N": "1"}}},
                             INVALID),
    "a value of no kind": (DYNAMODB, {"TableName": "table", "Item": {"a": {}}}, INVALID),
    "no number": (DYNAMODB, {"TableName": "table", "Item": {"a": {"N": "1e"}}}, INVALID),
    "a number of 39 digits": (DYNAMODB, {"TableName": "table", "Item": {"a": {"N": "1" * 39}}},
                              INVALID),
    "a number out of range": (DYNAMODB, {"TableName": "table", "Item": {"a": {"N": "1e999"}}},
                              INVALID),
    "nothing at all": (KINESIS, {}, INVALID),
}

HUGE_NUMBERS = ["1e999", "-1e999", "9" * 400, "99999999999999999999", "-9223372036854775809",
                "1" + "0" * 5_000, "0." + "0" * 5_000 + "1"]


def assert_refused(answer, codes):
    assert 400 <= answer.status < 500, (answer.status, answer.body[:300])
    assert answer.code in codes, answer.body[:300]


def assert_connection_goes_on(connection):
    """The same connection still serves a good request (http.client opens it again only if the server
    announced the close)."""
    answer = connection.send("kinesis", b"{}", json_headers("Kinesis_20131202.ListStreams"))
    assert answer.status == 200, answer.body[:300]


@pytest.mark.parametrize("name", BROKEN_JSON)
@pytest.mark.parametrize("service", [KINESIS, DYNAMODB, LOGS], ids=["kinesis", "dynamodb", "logs"])
def test_broken_json(connection, service, name):
    body = BROKEN_JSON[name].replace(b"NAME", TEXT_MEMBER[service[0]])
    answer = connection.send(service[0], body, service[1])
    assert_refused(answer, SERIALIZATION)
    assert_connection_goes_on(connection)


@pytest.mark.parametrize("name", WRONG_KINDS)
def test_wrong_kinds(connection, name):
    (service, headers), document, codes = WRONG_KINDS[name]
    assert_refused(connection.send(service, json.dumps(document).encode(), headers), codes)
    assert_connection_goes_on(connection)


@pytest.mark.parametrize("number", HUGE_NUMBERS, ids=lambda text: text[:12])
def test_huge_numbers(connection, number):
    body = b'{"StreamName": "s", "MaxResults": ' + number.encode() + b"}"
    assert_refused(connection.send(SHARDS[0], body, SHARDS[1]), INVALID)
    assert_connection_goes_on(connection)


@pytest.mark.parametrize("body", [
    b'{"Limit": 1, "Limit": 2}', b'{"Limit": 1, "Limit": "two"}', b'{"Unknown": {"a": [1, {}]}}',
    b"{}   ", b'\n\t{ "Limit" :1 }'], ids=["twice", "twice and wrong", "unknown", "spaces", "odd"])
def test_odd_but_readable_json_does_no_harm(connection, body):
    answer = connection.send("kinesis", body, json_headers("Kinesis_20131202.ListStreams"))
    assert answer.status in (200, 400), answer.body[:300]
    assert_connection_goes_on(connection)


def test_deep_attribute_values(connection):
    for depth in (40, 10_000):
        body = (b'{"TableName": "table", "Item": {"a": ' + b'{"L":[' * depth + b'{"S":"x"}'
                + b"]}" * depth + b"}}")
        assert_refused(connection.send(DYNAMODB[0], body, DYNAMODB[1]), INVALID)
    assert_connection_goes_on(connection)


def test_deep_expressions(connection):
    for condition in ("(" * 4_000 + "a = b" + ")" * 4_000, "NOT " * 1_000 + "a = b",
                      "a" + ".b" * 2_000 + " = c", "size(" * 800 + "a" + ")" * 800 + " = b"):
        body = json.dumps({"TableName": "table", "Item": {"id": {"S": "1"}},
                           "ConditionExpression": condition[:4_000]}).encode()
        assert_refused(connection.send(DYNAMODB[0], body, DYNAMODB[1]),
                       INVALID | {"ResourceNotFoundException"})
    assert_connection_goes_on(connection)


TARGETS = {
    "no target": {},
    "an empty target": {"X-Amz-Target": ""},
    "no dot": {"X-Amz-Target": "Kinesis_20131202"},
    "an unknown service": {"X-Amz-Target": "Nothing_20200101.List"},
    "an unknown operation": {"X-Amz-Target": "Kinesis_20131202.MakeCoffee"},
    "a long target": {"X-Amz-Target": "Kinesis_20131202." + "x" * 10_000},
}


@pytest.mark.parametrize("name", TARGETS)
def test_bad_targets(connection, name):
    headers = {"Content-Type": "application/x-amz-json-1.1", **TARGETS[name]}
    answer = connection.send("kinesis", b"{}", headers)
    assert 400 <= answer.status < 500, answer.body[:300]
    assert_connection_goes_on(connection)


FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
CREATE = "Action=CreateStack&Version=2010-05-15&StackName=s&TemplateBody=%7B%7D"

# Query: name -> service, body.
BAD_FORMS = {
    "empty": ("cloudformation", b""),
    "no action": ("cloudformation", b"Version=2010-05-15&StackName=s"),
    "an unknown action": ("cloudformation", b"Action=MakeCoffee&Version=2010-05-15"),
    "an unknown version": ("cloudformation", b"Action=ListStacks&Version=1999-01-01"),
    "a bad escape": ("cloudformation", b"Action=DescribeStacks&Version=2010-05-15&StackName=%zz"),
    "an escape cut short": ("cloudformation", b"Action=DescribeStacks&Version=2010-05-15&StackName=%4"),
    "bad UTF-8": ("cloudformation", b"Action=DescribeStacks&Version=2010-05-15&StackName=%ff%fe"),
    "a huge index": ("cloudformation",
                     f"{CREATE}&Parameters.member.99999999999999.ParameterKey=a".encode()),
    "an index of 0": ("cloudformation", f"{CREATE}&Parameters.member.0.ParameterKey=a".encode()),
    "no index": ("cloudformation", f"{CREATE}&Parameters.member.x.ParameterKey=a".encode()),
    "a deep name": ("cloudformation", f"{CREATE}&{'Parameters.member.1.' * 5_000}a=b".encode()),
    "no number": ("cloudformation", f"{CREATE}&TimeoutInMinutes=soon".encode()),
    "a huge number": ("cloudformation", f"{CREATE}&TimeoutInMinutes={'9' * 400}".encode()),
    "no boolean": ("cloudformation", f"{CREATE}&DisableRollback=perhaps".encode()),
    "no template": ("cloudformation", b"Action=CreateStack&Version=2010-05-15&StackName=s"),
    "deep YAML": ("cloudformation", b"Action=ValidateTemplate&Version=2010-05-15&TemplateBody="
                  + b"[" * 20_000),
    "a YAML of aliases": ("cloudformation",
                          b"Action=ValidateTemplate&Version=2010-05-15&TemplateBody="
                          + urllib.parse.quote(
                              "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
                                  f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n"
                                  for i in range(12))).encode()),
    "IAM without a name": ("iam", b"Action=GetRole&Version=2010-05-08"),
    "IAM with a bad name": ("iam", b"Action=GetRole&Version=2010-05-08&RoleName=a%20b%2F"),
    "STS without anything": ("sts", b"Action=AssumeRole&Version=2011-06-15"),
    "STS with a long name": ("sts", b"Action=AssumeRole&Version=2011-06-15&RoleArn="
                             + b"x" * 10_000 + b"&RoleSessionName=s"),
}


@pytest.mark.parametrize("name", BAD_FORMS)
def test_bad_forms(connection, name):
    service, body = BAD_FORMS[name]
    answer = connection.send(service, body, FORM)
    assert 400 <= answer.status < 500, (answer.status, answer.body[:300])
    assert_connection_goes_on(connection)


FUNCTIONS = "/2015-03-31/functions"


def function_document(**changes):
    return json.dumps({"FunctionName": "f", "Role": "arn:aws:iam::000000000000:role/r",
                       "Runtime": "python3.11", "Handler": "index.handler",
                       "Code": {"ZipFile": base64.b64encode(b"no zip").decode()}, **changes}).encode()


# REST: name -> method, path, body.
BAD_RESTS = {
    "truncated": ("POST", FUNCTIONS, b'{"FunctionName": "f'),
    "an array": ("POST", FUNCTIONS, b"[]"),
    "a number for text": ("POST", FUNCTIONS, function_document(Handler=5)),
    "text for a number": ("POST", FUNCTIONS, function_document(Timeout="long")),
    "a huge number": ("POST", FUNCTIONS, function_document().replace(
        b'"FunctionName"', b'"Timeout": 1e999, "FunctionName"')),
    "out of range": ("POST", FUNCTIONS, function_document(Timeout=0)),
    "bad base64": ("POST", FUNCTIONS, function_document(Code={"ZipFile": "%%%"})),
    "no zip": ("POST", FUNCTIONS, function_document()),
    "no role": ("POST", FUNCTIONS, function_document(Role="nobody")),
    "an unknown runtime": ("POST", FUNCTIONS, function_document(Runtime="cobol85")),
    "deep": ("POST", FUNCTIONS, b'{"Code": ' + nested("[", "]") + b"}"),
    "bad UTF-8": ("POST", FUNCTIONS, b'{"FunctionName": "\xff"}'),
    "a bad escape in the path": ("GET", f"{FUNCTIONS}/%zz", b""),
    "a function that isn't there": ("GET", f"{FUNCTIONS}/no-such-function", b""),
    "an unknown path": ("GET", "/2015-03-31/nothing", b""),
    "a wrong method": ("PATCH", FUNCTIONS, b"{}"),
    "a bad query number": ("GET", f"{FUNCTIONS}?MaxItems=many", b""),
    "a bad invocation type": ("POST", f"{FUNCTIONS}/no-such-function/invocations", b"{"),
    "a long path": ("GET", f"{FUNCTIONS}/{'x' * 5_000}", b""),
}


@pytest.mark.parametrize("name", BAD_RESTS)
def test_bad_rests(connection, name):
    method, path, body = BAD_RESTS[name]
    headers = {"Content-Type": "application/json"} if body else {}
    answer = connection.send("lambda", body, headers, path, method)
    assert 400 <= answer.status < 500, (answer.status, answer.body[:300])
    assert_connection_goes_on(connection)


def test_a_put_past_the_records_limit(connection):
    data = base64.b64encode(b"x" * (11 << 20)).decode()
    body = json.dumps({"StreamName": "s", "PartitionKey": "k", "Data": data}).encode()
    answer = connection.send(KINESIS[0], body, KINESIS[1])
    assert 400 <= answer.status < 500
    assert_connection_goes_on(connection)


# ---- Below HTTP's grammar.

BROKEN_HTTP = {
    "noise": b"\x00\x01\x02\x03\r\n\r\n",
    "no version": b"GET /\r\n\r\n",
    "a header without a colon": b"GET / HTTP/1.1\r\nHost x\r\n\r\n",
    "a space before the colon": b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
    "a bad length": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
    "a negative length": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "length and chunks": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n"
                         b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a bad chunk": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "a huge chunk": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                    b"ffffffffffffffffff\r\n",
    "an endless header": b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * (1 << 20),
    "endless headers": b"GET / HTTP/1.1\r\nHost: x\r\n" + b"a: b\r\n" * 100_000,
    "a long target": b"GET /" + b"x" * (1 << 20) + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "a huge body": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n",
    "half an HTTP/2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r",
    "an HTTP/2 preface, then noise": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\xff" * 100,
}


@pytest.mark.parametrize("name", BROKEN_HTTP)
def test_broken_http(server, connection, name):
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as raw:
        try:
            raw.sendall(BROKEN_HTTP[name])
            raw.shutdown(socket.SHUT_WR)
            answer = raw.recv(65536)
        except (ConnectionResetError, BrokenPipeError):
            answer = b""
    refused = not answer.startswith(b"HTTP/1.1") or answer.split()[1].startswith(b"4")
    assert refused, answer[:200]
    assert_connection_goes_on(connection)


def test_a_request_cut_off_in_its_body(server, connection):
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as raw:
        raw.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nonly this")
    assert_connection_goes_on(connection)


def test_no_signature(connection):
    connection.connection.request("POST", "/", body=b"{}", headers=KINESIS[1])
    answer = connection.connection.getresponse()
    assert answer.status in (400, 403)
    answer.read()
    assert_connection_goes_on(connection)


@pytest.mark.parametrize("value", [
    "nonsense", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=c",
    "AWS4-HMAC-SHA256 Credential=, SignedHeaders=, Signature=", "Basic YTpi",
    "AWS4-HMAC-SHA256 " + "x" * 8_000], ids=lambda value: value[:24])
def test_bad_authorization(connection, value):
    connection.connection.request("POST", "/", body=b"{}",
                                  headers=dict(KINESIS[1], Authorization=value))
    answer = connection.connection.getresponse()
    assert 400 <= answer.status < 500
    answer.read()
    assert_connection_goes_on(connection)
