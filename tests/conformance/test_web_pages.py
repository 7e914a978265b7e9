"""What a page in a browser on the server's machine may not do: use keys that nobody gave it, reset."""

import urllib.error
import urllib.request

import boto3
import pytest

from server_process import ServerProcess
from wire import Connection

pytestmark = pytest.mark.local

LIST_STREAMS = {"X-Amz-Target": "Kinesis_20131202.ListStreams",
                "Content-Type": "application/x-amz-json-1.1"}
PAGES = [
    {"Origin": "https://example.com"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-origin"},
    {"Host": "rebound.example.com"},
]


def list_streams(endpoint, page):
    connection = Connection(endpoint)
    connection.host = page.get("Host", connection.host)
    headers = {name: value for name, value in page.items() if name != "Host"}
    answer = connection.send("kinesis", b"{}", {**LIST_STREAMS, **headers})
    connection.close()
    return answer


def ask(server, path, method, page):
    request = urllib.request.Request(server.endpoint + path, method=method, headers=page)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status
    except urllib.error.HTTPError as failure:
        return failure.code


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_key_that_is_not_known_is_not_believed(server, page):
    answer = list_streams(server.endpoint, page)
    assert answer.code == "UnrecognizedClientException"
    assert b"isn't believed" in answer.body


def test_the_tools_of_this_machine_are_believed_by_any_of_its_names(server):
    assert list_streams(server.endpoint, {}).status == 200
    for host in ("localhost:4566", "[::1]:4566", "kinesis.localhost"):
        assert list_streams(server.endpoint, {"Host": host}).status == 200
    assert list_streams(server.endpoint, {"Sec-Fetch-Site": "none"}).status == 200


def test_a_reset_is_refused_and_deletes_nothing(tmp_path):
    server = ServerProcess(tmp_path / "data", "--allow-reset").start()
    client = boto3.client("kinesis", endpoint_url=server.endpoint, region_name="us-east-1",
                          aws_access_key_id="any", aws_secret_access_key="any")
    client.create_stream(StreamName="kept", ShardCount=1)
    for page in PAGES:
        assert ask(server, "/_millstream/reset", "POST", page) == 403
        assert ask(server, "/_millstream/metrics", "GET", page) == 403
    assert client.list_streams()["StreamNames"] == ["kept"]
    assert ask(server, "/_millstream/reset", "POST", {}) == 200
    assert client.list_streams()["StreamNames"] == []
    assert server.stop() == 0
