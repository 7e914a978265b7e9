"""The server itself: its command line, its own paths, keys, and its end."""

import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from server_process import ServerProcess, binary

pytestmark = pytest.mark.local


def start(directory, *options):
    return ServerProcess(directory / "data", *options).start()


def request(server, path, method="GET"):
    call = urllib.request.Request(server.endpoint + path, method=method)
    try:
        with urllib.request.urlopen(call, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as failure:
        return failure.code, json.load(failure)


def kinesis(server, key="anything", secret="anything", **options):
    return boto3.client("kinesis", endpoint_url=server.endpoint, region_name="eu-west-1",
                        aws_access_key_id=key, aws_secret_access_key=secret,
                        config=Config(retries={"max_attempts": 0}), **options)


def refused(call, **arguments):
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return caught.value.response["Error"]


def run(*arguments, **variables):
    return subprocess.run([binary(), *arguments], capture_output=True, text=True, timeout=60,
                          env={**os.environ, **variables}, check=False)


def test_health_tells_what_an_answer_means(tmp_path):
    server = start(tmp_path, "--durability", "none")
    status, health = request(server, "/_millstream/health")
    assert status == 200
    assert health == {"ready": True, "version": health["version"], "durability": "none",
                      "poisoned": None}
    assert request(server, "/_millstream/elsewhere")[0] == 404
    assert request(server, "/_millstream/health", "POST")[0] == 405
    assert server.stop() == 0


def test_reset_deletes_everything_and_the_server_goes_on(tmp_path):
    server = start(tmp_path, "--allow-reset")
    client = kinesis(server)
    for _ in range(2):
        client.create_stream(StreamName="gone", ShardCount=1)
        assert client.list_streams()["StreamNames"] == ["gone"]
        assert request(server, "/_millstream/reset", "POST") == (200, {"reset": True})
        assert client.list_streams()["StreamNames"] == []
    client.create_stream(StreamName="kept", ShardCount=1)
    assert server.stop() == 0
    server.start()
    assert kinesis(server).list_streams()["StreamNames"] == ["kept"]
    assert server.stop() == 0


def test_what_follows_a_reset_survives_the_old_engine(tmp_path):
    # The new engine's state gets more table files than the old one's had, then both end.
    server = start(tmp_path, "--allow-reset", "--durability", "none")
    client = kinesis(server)
    client.create_stream(StreamName="gone", ShardCount=1)
    assert request(server, "/_millstream/reset", "POST") == (200, {"reset": True})
    client.create_stream(StreamName="first", ShardCount=1)
    fill_the_journal_until_the_state_is_flushed(client, server.data / "state")
    client.create_stream(StreamName="second", ShardCount=1)
    assert server.stop() == 0
    server.start()
    assert kinesis(server).list_streams()["StreamNames"] == ["first", "second"]
    assert server.stop() == 0


def fill_the_journal_until_the_state_is_flushed(client, state):
    before = table_files(state)
    records = [{"Data": b"x" * 1_000_000, "PartitionKey": "k"}] * 9
    deadline = time.monotonic() + 60
    while table_files(state) == before:
        assert time.monotonic() < deadline
        client.put_records(StreamName="first", Records=records)


def table_files(state):
    return {path.name for path in state.iterdir() if path.suffix in (".sst", ".ldb")}


def test_reset_is_refused_unless_it_was_allowed(server):
    assert request(server, "/_millstream/reset", "POST")[0] == 403
    assert request(server, "/_millstream/reset")[0] == 405


def test_a_second_server_on_the_same_data_is_refused(server):
    second = run("serve", "--listen", "127.0.0.1:0", "--data", str(server.data))
    assert second.returncode == 1
    assert "Another Millstream server uses the data directory" in second.stderr


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_well_and_soon(tmp_path, end):
    server = start(tmp_path)
    client = kinesis(server)
    client.create_stream(StreamName="kept", ShardCount=1)
    began = time.monotonic()
    server.process.send_signal(end)
    assert server.process.wait(30) == 0
    assert time.monotonic() - began < 10  # two seconds, on a machine that has nothing else to do
    server.start()
    assert kinesis(server).list_streams()["StreamNames"] == ["kept"]
    server.stop()


def test_keys_that_are_known_must_sign_right(tmp_path):
    settings = tmp_path / "millstream.toml"
    settings.write_text('[[keys]]\naccess_key_id = "AKIAKNOWN"\nsecret_access_key = "right"\n'
                        'account = "123456789012"\n')
    server = start(tmp_path, "--config", str(settings))
    known = kinesis(server, "AKIAKNOWN", "right")
    known.create_stream(StreamName="mine", ShardCount=1)
    arn = known.describe_stream_summary(StreamName="mine")["StreamDescriptionSummary"]["StreamARN"]
    assert arn == "arn:aws:kinesis:eu-west-1:123456789012:stream/mine"

    error = refused(kinesis(server, "AKIAKNOWN", "wrong").list_streams)
    assert error["Code"] == "InvalidSignatureException"
    assert error["Message"].startswith("The request signature we calculated does not match")
    error = refused(kinesis(server, "AKIAKNOWN", "right", aws_session_token="x").list_streams)
    assert error["Code"] == "UnrecognizedClientException"

    for unknown in ["test", "123456789012"]:
        assert refused(kinesis(server, unknown).list_streams)["Code"] == "UnrecognizedClientException"
    server.stop()


def test_unknown_keys_beside_known_ones_must_be_asked_for(tmp_path):
    settings = tmp_path / "millstream.toml"
    settings.write_text('accept_unknown_keys = true\n[[keys]]\naccess_key_id = "AKIAKNOWN"\n'
                        'secret_access_key = "right"\naccount = "123456789012"\n')
    server = start(tmp_path, "--config", str(settings))
    kinesis(server, "AKIAKNOWN", "right").create_stream(StreamName="mine", ShardCount=1)
    assert refused(kinesis(server, "AKIAKNOWN", "wrong").list_streams)
    assert kinesis(server).list_streams()["StreamNames"] == []  # another account
    assert kinesis(server, "123456789012").list_streams()["StreamNames"] == ["mine"]
    server.stop()


def test_unsigned_requests_are_refused(server):
    status, body = request(server, "/", "POST")
    assert status in (400, 403)
    assert "missing Authentication Token" in body["message"]


@pytest.mark.parametrize("arguments, sentence", [
    (["serve", "--listen", "nowhere"], "--listen: 'nowhere' is not an address and port"),
    (["serve", "--durability", "maybe"], "--durability: 'maybe' is not fsync or none."),
    (["serve", "--colour", "red"], "--colour"),
    (["serve", "--config", "/nowhere.toml"], "/nowhere.toml"),
    (["serve", "--listen", "0.0.0.0:0"], "needs at least one key: set MILLSTREAM_ACCESS_KEY_ID"),
    (["serve", "--function-network", "host"], "or say --accept-unknown-keys"),
    (["serve", "--isolation", "process"], "or say --accept-unknown-keys"),
    ([], "subcommand"),
])
def test_a_bad_command_line_gets_one_sentence(arguments, sentence):
    done = run(*arguments)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_variable_is_named_when_it_is_wrong():
    done = run("serve", MILLSTREAM_QUOTAS="some")
    assert done.returncode == 2
    assert "MILLSTREAM_QUOTAS: 'some' is not off or aws." in done.stderr


def test_help_explains_every_setting():
    text = run("serve", "--help").stdout
    for setting in ["listen", "data", "account", "region", "durability", "quotas", "quota",
                    "transition-ms", "isolation",
                    "function-network", "accept-unknown-keys", "allow-reset", "log-level", "threads", "config"]:
        assert f"--{setting}" in text
    assert run("version").stdout.startswith("millstream ")
